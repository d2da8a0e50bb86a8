"""One DuckDB file with all tables, typed, and with the meaning of each table and column as its comment."""

from pathlib import Path

import duckdb

from hipkit.datasets.contracts import Column, contract
from hipkit.datasets.exports.source import Source

FILE = "population.duckdb"
TYPES = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float32": "REAL",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "category": "VARCHAR",
    "bool": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "list_float32": "REAL[]",
}


def write(source: Source, folder: Path) -> None:
    """Write `population.duckdb`."""
    with duckdb.connect(folder / FILE) as base:
        base.execute("SET preserve_insertion_order = true")
        for table, file in source.files.items():
            known = contract(table)
            columns = ", ".join(_definition(column) for column in known.columns)
            base.execute(f"CREATE TABLE {table} ({columns})")
            names = ", ".join(f'"{column.name}"' for column in known.columns)
            base.execute(f"INSERT INTO {table} SELECT {names} FROM read_parquet(?)", [str(file)])
            base.execute(f"COMMENT ON TABLE {table} IS {_text(known.meaning)}")
            for column in known.columns:
                base.execute(f'COMMENT ON COLUMN {table}."{column.name}" IS {_text(_meaning(column))}')
        base.execute("CHECKPOINT")


def _definition(column: Column) -> str:
    return f'"{column.name}" {TYPES[column.type]}{"" if column.nullable else " NOT NULL"}'


def _meaning(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return column.meaning + unit


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
