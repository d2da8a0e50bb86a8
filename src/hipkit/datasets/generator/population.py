"""Makes whole populations: in memory or on disk, in one process, several, or on a Dask cluster."""

import multiprocessing
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow as pa

from hipkit import __version__
from hipkit.datasets.generator.block import n_blocks
from hipkit.datasets.generator.pipeline import GLOBAL_TABLES, build_block, table_names
from hipkit.datasets.generator.pools import build_pools
from hipkit.datasets.generator.storage import PopulationWriter, to_arrow
from hipkit.errors import KitError

# Above this the identity numbers of single birth years run out.
MAX_PATIENTS = 10_000_000
MAX_SEED = 2**63 - 1
# Measured size of all tables on disk, rounded up; for the check of free space before a run.
BYTES_PER_PATIENT = 6_000
# Blocks in work beyond the number of workers: keeps every worker busy and memory flat.
BLOCKS_AHEAD = 1

Progress = Callable[[int, int], None]


def _whole_number(value: object, name: str, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise KitError(f"{name} must be a whole number, not {value!r}.")
    number = value.__index__()
    if not lowest <= number <= highest:
        raise KitError(f"{name} must be between {lowest} and {highest}, not {number}.")
    return number


def _validated(n_patients, seed, tables) -> tuple[int, int, tuple[str, ...] | None]:
    n_patients = _whole_number(n_patients, "The number of patients", 1, MAX_PATIENTS)
    seed = _whole_number(seed, "The seed", 0, MAX_SEED)
    if tables is None:
        return n_patients, seed, None
    tables = tuple(tables)
    if unknown := [name for name in tables if name not in table_names()]:
        raise KitError(f"There is no table {unknown[0]!r}. The tables are {', '.join(table_names())}.")
    return n_patients, seed, tables


def make_population(
    n_patients: int, seed: int, tables: tuple[str, ...] | None = None, progress: Progress | None = None
) -> dict[str, pl.DataFrame]:
    """Make a population in memory, in this process. See `hipkit.datasets.make_population`."""
    n_patients, seed, tables = _validated(n_patients, seed, tables)
    pools = build_pools(n_patients, seed)
    blocks = []
    for index in range(pools.n_blocks):
        blocks.append(build_block(n_patients, seed, index, tables))
        if progress:
            progress(index + 1, pools.n_blocks)
    made = {name: getattr(pools, name) for name in GLOBAL_TABLES if tables is None or name in tables}
    return made | {name: pl.concat([block[name] for block in blocks], rechunk=False) for name in blocks[0]}


def _arrow_block(n_patients: int, seed: int, index: int, tables: tuple[str, ...] | None) -> dict[str, pa.Table]:
    return {name: to_arrow(name, frame) for name, frame in build_block(n_patients, seed, index, tables).items()}


def write_population(
    folder: Path,
    n_patients: int,
    seed: int,
    tables: tuple[str, ...] | None = None,
    processes: int = 1,
    dask: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Make a population as Parquet files, block by block, so that memory does not grow with its size.

    The bytes are the same for any number of processes and for Dask.

    Args:
        folder: where to put it; an earlier population there is replaced when the new one is complete.
        n_patients: 1 to 10 000 000.
        seed: 0 to 2**63 - 1.
        tables: names of the tables to write, all for None.
        processes: worker processes on this machine; 1 works in this process.
        dask: address of a Dask scheduler whose workers have hipkit; then `processes` is not used.
        progress: called with (blocks done, blocks in all) after each block.

    Raises:
        KitError: a value is out of range, the disk is too small or not writable, or a worker was lost.
    """
    n_patients, seed, tables = _validated(n_patients, seed, tables)
    processes = _whole_number(processes, "The number of processes", 1, 256)
    folder = Path(folder)
    _check_disk(folder, n_patients)
    total = n_blocks(n_patients)
    arguments = (n_patients, seed, tables)
    with PopulationWriter(folder, n_patients, seed) as writer, _blocks(arguments, total, processes, dask) as blocks:
        pools = build_pools(n_patients, seed)
        for name in GLOBAL_TABLES:
            if tables is None or name in tables:
                writer.write(name, to_arrow(name, getattr(pools, name)))
        # Each table has its own file, so that the files can be written side by side.
        with ThreadPoolExecutor(1 if processes == 1 and dask is None else max(2, processes)) as threads:
            for done, block in enumerate(blocks, start=1):
                for written in [threads.submit(writer.write, name, rows) for name, rows in block.items()]:
                    written.result()
                if progress:
                    progress(done, total)


def _check_disk(folder: Path, n_patients: int) -> None:
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    usage, needed = shutil.disk_usage(place), n_patients * BYTES_PER_PATIENT
    # A place that is no disk at all has a total of 0; the attempt to write says what is wrong there.
    if usage.total and usage.free < needed:
        has = f"{usage.free / 1e9:.1f} GB"
        raise KitError(
            f"{n_patients} patients need about {needed / 1e9:.1f} GB of disk, and {folder} has {has}. "
            "Make fewer patients or choose another disk with --out."
        )


@contextmanager
def _blocks(arguments: tuple, total: int, processes: int, dask: str | None) -> Iterator[Iterator[dict[str, pa.Table]]]:
    """The blocks as Arrow tables, in order of their index, whoever makes them."""
    n_patients, seed, tables = arguments
    if dask is not None:
        with _dask_client(dask) as client:

            def start(index):
                return client.submit(_arrow_block, n_patients, seed, index, tables, pure=False)

            yield _in_order(start, total, sum(client.nthreads().values()))
    elif processes > 1:
        # Started anew and not forked: polars runs threads, and a fork of them may stand still for ever.
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:

            def start(index):
                return pool.submit(_arrow_block, n_patients, seed, index, tables)

            try:
                yield _in_order(start, total, processes)
            except BrokenProcessPool as error:
                message = "A worker process was lost, most often for lack of memory. Use fewer --processes."
                raise KitError(message) from error
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    else:
        yield (_arrow_block(n_patients, seed, index, tables) for index in range(total))


def _in_order(start: Callable, total: int, workers: int) -> Iterator[dict[str, pa.Table]]:
    waiting: deque = deque()
    for index in range(total):
        waiting.append(start(index))
        if len(waiting) > workers + BLOCKS_AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _version() -> str:
    return __version__


@contextmanager
def _dask_client(address: str):
    """A client of a cluster whose workers all have this release of hipkit."""
    from distributed import Client
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise KitError(f"No Dask scheduler answers at {address}: start one and check the address.") from error
    with client:
        if not client.nthreads():
            raise KitError(f"The Dask scheduler at {address} has no workers: start some with `dask worker {address}`.")
        try:
            versions = set(client.run(_version).values())
        except ImportError as error:
            raise KitError(f"The Dask workers at {address} lack a package: {error}. Install hipkit there.") from error
        if versions != {__version__}:
            found = ", ".join(sorted(versions))
            raise KitError(
                f"The Dask workers have hipkit {found} and this machine has {__version__}: install the same."
            )
        try:
            yield client
        except (KilledWorker, CommClosedError, FutureCancelledError) as error:
            raise KitError(f"The Dask cluster at {address} lost a worker or its scheduler: {error}") from error
