"""The small population that is kept in the repository, as CSV and as Parquet."""

import shutil
from pathlib import Path

import polars as pl

from hipkit.datasets.contracts import contract
from hipkit.datasets.generator.population import write_population
from hipkit.datasets.generator.storage import sha256_of

SUMS = "SHA256SUMS"


def to_csv(table: str, source: Path, target: Path) -> None:
    """Write a table as CSV: UTF-8, header, empty for missing, ISO 8601 dates, lists as numbers with spaces between."""
    lists = [c.name for c in contract(table).columns if c.type == "list_float32"]
    text = [pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(" ") for name in lists]
    frame = pl.read_parquet(source).with_columns(text)
    frame.write_csv(target, datetime_format="%Y-%m-%dT%H:%M:%S", date_format="%Y-%m-%d")


def write(folder: Path, n_patients: int, seed: int) -> None:
    """Make `folder/parquet`, `folder/csv` and `folder/SHA256SUMS`."""
    parquet, csv = folder / "parquet", folder / "csv"
    write_population(parquet, n_patients, seed)
    if csv.exists():
        shutil.rmtree(csv)
    csv.mkdir()
    for file in sorted(parquet.glob("*.parquet")):
        to_csv(file.stem, file, csv / f"{file.stem}.csv")
    files = sorted(file for kind in (csv, parquet) for file in kind.iterdir())
    lines = [f"{sha256_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
