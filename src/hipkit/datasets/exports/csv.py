"""CSV: what every tool reads, and what every tool guesses the types of.

A reader that guesses turns the national identity number 01819512345 into a whole number without its first digit.
That is why the folder holds `datapackage.json`, which states the type of every column.
"""

from pathlib import Path

import polars as pl

from hipkit.datasets.contracts import contract
from hipkit.datasets.exports.metadata import data_package
from hipkit.datasets.exports.source import Source


def write(source: Source, folder: Path) -> None:
    """Write `<table>.csv` for every table, and `datapackage.json`."""
    for table in source.files:
        write_table(source, table, folder / f"{table}.csv")
    data_package(source, folder)


def write_table(source: Source, table: str, file: Path) -> None:
    """Write one table: UTF-8, header, empty for missing, ISO 8601 dates, lists as numbers with spaces between."""
    lists = [column.name for column in contract(table).columns if column.type.startswith("list_")]
    text = [pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(" ") for name in lists]
    with file.open("wb") as stream:
        for number, part in enumerate(source.parts(table)):
            part.with_columns(text).write_csv(
                stream, include_header=number == 0, datetime_format="%Y-%m-%dT%H:%M:%S", date_format="%Y-%m-%d"
            )
