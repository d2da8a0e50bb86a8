"""The population that is exported: its tables as Parquet files, read in parts."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from hipkit.datasets.contracts import contracts
from hipkit.datasets.loaders import population_folder
from hipkit.errors import KitError
from hipkit.paths import DATASETS

# Persons that are read at a time. A population is made in blocks of the same size, so a read meets one row group.
PERSONS = 25_000


@dataclass(frozen=True)
class Source:
    """A population on disk.

    Attributes:
        folder: where the Parquet files stand.
        files: the Parquet file of each table that is there, by table name, in the order of the contracts.
    """

    folder: Path
    files: dict[str, Path]

    def require(self, tables: tuple[str, ...], use: str) -> None:
        """KitError if one of `tables` is not there; `use` says what needs it."""
        if missing := [table for table in tables if table not in self.files]:
            raise KitError(
                f"{use} needs the table {missing[0]}, and {self.folder} does not have it. "
                "Make the whole population with `hipkit data make`."
            )

    def rows(self, table: str) -> int:
        """Number of rows of a table."""
        return pq.read_metadata(self.files[table]).num_rows

    def size(self) -> int:
        """Bytes of all tables together."""
        return sum(file.stat().st_size for file in self.files.values())

    def parts(self, table: str) -> Iterator[pl.DataFrame]:
        """The table in parts of one row group each, at least one; categories as they are stored."""
        with pq.ParquetFile(self.files[table]) as stored:
            if not stored.num_row_groups:
                yield pl.from_arrow(stored.schema_arrow.empty_table())
            for part in range(stored.num_row_groups):
                yield pl.from_arrow(stored.read_row_group(part))

    def person_ranges(self, size: int = PERSONS) -> list[tuple[int, int]]:
        """First and last `person_id` of each block of `size` persons."""
        last = pl.scan_parquet(self.files["persons"]).select(pl.col("person_id").max()).collect().item() or 0
        return [(first, min(first + size - 1, last)) for first in range(1, last + 1, size)]

    def of_persons(self, table: str, first: int, last: int) -> pl.DataFrame:
        """The rows of a table that belong to the persons `first` to `last`."""
        chosen = pl.col("person_id").is_between(first, last)
        return pl.scan_parquet(self.files[table]).filter(chosen).collect()

    def whole(self, table: str) -> pl.DataFrame:
        """A whole table; for the small ones."""
        return pl.read_parquet(self.files[table])

    def identity(self) -> dict:
        """What says which population this is: the number of rows and the SHA-256 sum of each table."""
        manifest = self.folder / "population.json"
        if manifest.exists():
            return json.loads(manifest.read_text(encoding="utf-8"))
        return {"tables": {t: {"rows": self.rows(t), "sha256": sha256_of(f)} for t, f in self.files.items()}}


@lru_cache(maxsize=16)
def reference(name: str) -> pl.DataFrame:
    """The reference table `datasets/reference/<name>.csv`; every column is text."""
    return pl.read_csv(DATASETS / "reference" / f"{name}.csv", infer_schema=False)


def sha256_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_source(population: str | Path) -> Source:
    """The population "course", "sample", or in a folder; KitError if it holds no Parquet tables or broken ones."""
    folder = population_folder(population)
    place = folder / "parquet" if (folder / "parquet").is_dir() else folder
    files = {table: file for table in contracts() if (file := place / f"{table}.parquet").is_file()}
    if not files:
        raise KitError(f"{folder} holds no Parquet tables. Make a population with `hipkit data make`.")
    for table, file in files.items():
        try:
            names = pq.read_schema(file).names
        except (pa.ArrowInvalid, OSError) as error:
            raise KitError(f"{file} is not a readable Parquet file: {error}. Run `hipkit data check`.") from error
        if names != [column.name for column in contracts()[table].columns]:
            raise KitError(f"{file} does not have the columns of its contract. Run `hipkit data check`.")
    return Source(place, files)
