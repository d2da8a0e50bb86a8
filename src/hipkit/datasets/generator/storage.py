"""Parquet files, written block by block and put in place at the end.

A run writes into a folder beside the target. Only a complete run takes the target's place, by renaming; whatever stops
a run leaves the last good population as it was.
"""

import hashlib
import json
import os
import shutil
from functools import lru_cache
from pathlib import Path

import polars as pl
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from hipkit import __version__
from hipkit.datasets.contracts import contract
from hipkit.errors import KitError

MANIFEST = "population.json"
COMPRESSION = "zstd"
COMPRESSION_LEVEL = 1

_ARROW = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "list_float32": pa.list_(pa.float32()),
}


@lru_cache(maxsize=64)
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema that a table's contract asks for."""
    return pa.schema([pa.field(c.name, _ARROW[c.type], nullable=c.nullable) for c in contract(table).columns])


@lru_cache(maxsize=256)
def _categories(dtype: pl.Enum) -> pa.Array:
    return pa.array(dtype.categories.to_list(), pa.string())


def _arrow_column(series: pl.Series, wanted: pa.Field) -> pa.Array:
    if pa.types.is_dictionary(wanted.type):
        if not isinstance(series.dtype, pl.Enum):
            found = series.cast(pl.String).unique().drop_nulls().sort()
            series = series.cast(pl.String).cast(pl.Enum(found))
        codes = series.to_physical().cast(pl.Int32).to_arrow()
        return pa.DictionaryArray.from_arrays(codes, _categories(series.dtype))
    return series.to_arrow().cast(wanted.type)


def to_arrow(table: str, frame: pl.DataFrame) -> pa.Table:
    """The frame in the types of the table's contract.

    Raises:
        ValueError: the columns are not the contract's, or a column that may not be null has nulls.
    """
    schema = arrow_schema(table)
    if frame.columns != schema.names:
        raise ValueError(f"{table}: columns {frame.columns}, but the contract has {schema.names}")
    arrays = []
    for wanted in schema:
        series = frame[wanted.name]
        if not wanted.nullable and series.null_count():
            raise ValueError(f"{table}.{wanted.name}: {series.null_count()} nulls, but the contract allows none")
        arrays.append(_arrow_column(series, wanted))
    return pa.Table.from_arrays(arrays, schema=schema)


def sha256_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_replaceable(folder: Path) -> bool:
    return not folder.exists() or (folder.is_dir() and ((folder / MANIFEST).exists() or not any(folder.iterdir())))


class PopulationWriter:
    """Writes one population; use it in a `with` block.

    Leaving the block normally puts the new folder in place; leaving it by any exception removes what was written.

    Args:
        folder: where the population shall stand. An earlier population there is replaced; any other content is refused.
        n_patients, seed: for the manifest.

    Raises:
        KitError: the folder holds something else, or cannot be written.
    """

    def __init__(self, folder: Path, n_patients: int, seed: int):
        self.folder = Path(folder).absolute()
        self._about = {"n_patients": n_patients, "seed": seed, "hipkit": __version__}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}
        self._partial = self.folder.with_name(f".{self.folder.name}.partial-{os.getpid()}")
        self._old = self.folder.with_name(f".{self.folder.name}.old-{os.getpid()}")

    def __enter__(self) -> "PopulationWriter":
        if not _is_replaceable(self.folder):
            raise KitError(f"{self.folder} holds other files. Name an empty or new folder with --out.")
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._tidy()
            self._partial.mkdir()
        except OSError as error:
            message = f"{self.folder} cannot be written: {error.strerror}. Choose another folder with --out."
            raise KitError(message) from error
        return self

    def _tidy(self) -> None:
        """Put back what a killed run had moved away, and remove what it had half written."""
        for kind in ("old", "partial"):
            for left in self.folder.parent.glob(f".{self.folder.name}.{kind}-*"):
                owner = left.name.rpartition("-")[2]
                if owner.isdecimal() and int(owner) != os.getpid() and psutil.pid_exists(int(owner)):
                    continue
                if kind == "old" and not self.folder.exists():
                    left.rename(self.folder)
                else:
                    shutil.rmtree(left)

    def write(self, table: str, rows: pa.Table) -> None:
        """Append one block's rows of a table as one row group."""
        if table not in self._writers:
            self._writers[table] = pq.ParquetWriter(
                self._partial / f"{table}.parquet",
                arrow_schema(table),
                compression=COMPRESSION,
                compression_level=COMPRESSION_LEVEL,
                # Looking for repeated values in the other columns costs more time than it saves space.
                use_dictionary=[c.name for c in contract(table).columns if c.type == "category"],
                # So does keeping the smallest and largest value of columns by which nobody reads a part.
                write_statistics=[c for c in ("person_id", *contract(table).key) if c in contract(table).by_name],
            )
            self._rows[table] = 0
        if rows.num_rows:
            self._writers[table].write_table(rows, row_group_size=rows.num_rows)
        self._rows[table] += rows.num_rows

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        try:
            for writer in self._writers.values():
                writer.close()
            if kind is None:
                self._publish()
        except OSError as problem:
            if kind is None:
                raise self._failed(problem) from problem
        finally:
            shutil.rmtree(self._partial, ignore_errors=True)
        if isinstance(error, OSError):
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> KitError:
        return KitError(f"{self.folder} could not be written: {error}. What stood there before is unchanged.")

    def _publish(self) -> None:
        tables = {}
        for table in sorted(self._rows):
            file = self._partial / f"{table}.parquet"
            tables[table] = {"rows": self._rows[table], "bytes": file.stat().st_size, "sha256": sha256_of(file)}
        text = json.dumps(self._about | {"tables": tables}, indent=2) + "\n"
        (self._partial / MANIFEST).write_text(text, encoding="utf-8")
        if self.folder.exists():
            self.folder.rename(self._old)
        self._partial.rename(self.folder)
        shutil.rmtree(self._old, ignore_errors=True)
