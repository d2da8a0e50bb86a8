"""The course's synthetic patients: make them, load them, divide them.

The loaders need pandas only; what makes populations needs numpy, polars and pyarrow. Each is imported when it is used:
a worker that makes blocks does not wait for pandas, and a Python inside the browser does without polars.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from hipkit.datasets.loaders import (
        load_access_log,
        load_auxiliary,
        load_conditions,
        load_consents,
        load_diagnoses,
        load_encounters,
        load_lab_results,
        load_medications,
        load_municipal_services,
        load_note_spans,
        load_notes,
        load_organisations,
        load_outcomes,
        load_patient_records,
        load_personnel,
        load_persons,
        load_shipments,
        load_table,
        load_vital_signs,
        load_waveforms,
        load_welfare_events,
        population_folder,
    )
    from hipkit.datasets.partitions import attacker_knowledge, before_after, by_hospital, split_by_person
    from hipkit.datasets.readmission import load_readmissions, make_readmissions

__all__ = [
    "COURSE_PATIENTS",
    "COURSE_SEED",
    "SAMPLE_PATIENTS",
    "attacker_knowledge",
    "before_after",
    "by_hospital",
    "load_access_log",
    "load_auxiliary",
    "load_conditions",
    "load_consents",
    "load_diagnoses",
    "load_encounters",
    "load_lab_results",
    "load_medications",
    "load_municipal_services",
    "load_note_spans",
    "load_notes",
    "load_organisations",
    "load_outcomes",
    "load_patient_records",
    "load_personnel",
    "load_persons",
    "load_readmissions",
    "load_shipments",
    "load_table",
    "load_vital_signs",
    "load_waveforms",
    "load_welfare_events",
    "make_population",
    "make_readmissions",
    "population_folder",
    "split_by_person",
    "write_population",
    "write_sample",
]

# Names that other modules of this package give, imported on first use.
_READMISSIONS = ["load_readmissions", "make_readmissions"]
_PARTITIONS = ["attacker_knowledge", "before_after", "by_hospital", "split_by_person"]
_LOADERS = [name for name in __all__ if name.startswith("load_") or name == "population_folder"]
_HOMES = (
    dict.fromkeys(_LOADERS, "hipkit.datasets.loaders")
    | dict.fromkeys(_PARTITIONS, "hipkit.datasets.partitions")
    | dict.fromkeys(_READMISSIONS, "hipkit.datasets.readmission")
)

COURSE_PATIENTS = 20_000
COURSE_SEED = 2026
SAMPLE_PATIENTS = 1_000


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))


def make_population(
    n_patients: int = COURSE_PATIENTS, seed: int = COURSE_SEED, *, tables: tuple[str, ...] | None = None
) -> "dict[str, pl.DataFrame]":
    """Make a population in memory.

    Args:
        n_patients: number of persons, 1 to 10 000 000. All tables of a million need some GB: use `write_population`.
        seed: 0 to 2**63 - 1. The same number and seed give the same population on every machine.
        tables: the tables wanted, all for None. Only what they need is made.

    Returns:
        polars frames by table name, as described by the contracts in `datasets/contracts`.

    Raises:
        KitError: a value is not a whole number or out of range, or there is no such table.
    """
    from hipkit.datasets.generator.population import make_population as make

    return make(n_patients, seed, tables)


def write_population(
    folder: str | Path,
    n_patients: int = COURSE_PATIENTS,
    seed: int = COURSE_SEED,
    *,
    tables: tuple[str, ...] | None = None,
    processes: int = 1,
    dask: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make a population as Parquet files, one a table, and a manifest `population.json` with their SHA-256 sums.

    The bytes are the same for one process, several processes and a Dask cluster. An earlier population in the folder is
    replaced only when the new one is complete.

    Args:
        folder: where to put it.
        n_patients, seed, tables: as for `make_population`. Memory does not grow with the number of patients.
        processes: worker processes on this machine.
        dask: address of a Dask scheduler whose workers have hipkit installed, such as "tcp://10.0.0.5:8786".
        progress: called with (blocks done, blocks in all).

    Raises:
        KitError: a value is out of range, the folder holds other files or cannot be written, the disk is too small, no
            scheduler answers, or a worker was lost.
    """
    from hipkit.datasets.generator.population import write_population as write

    write(Path(folder), n_patients, seed, tables, processes, dask, progress)


def write_sample(folder: str | Path | None = None) -> Path:
    """Make the sample of 1 000 patients as CSV and Parquet with `SHA256SUMS`, and return its folder.

    Args:
        folder: where to put it; `datasets/sample` of the clone for None.
    """
    from hipkit.datasets.loaders import SAMPLE
    from hipkit.datasets.sample import write

    target = SAMPLE if folder is None else Path(folder)
    write(target, SAMPLE_PATIENTS, COURSE_SEED)
    return target
