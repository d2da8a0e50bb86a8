"""The tables' contracts: what each table and column means and may hold.

A contract is a file `datasets/contracts/<table>.toml`. The generator's Parquet files, the loaders, the check of a data
folder, the data package and the data dictionary all follow from it. This module needs the standard library only, so
that it works where polars and pyarrow do not.
"""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from hipkit.errors import KitError
from hipkit.paths import DATASETS

CONTRACTS = DATASETS / "contracts"

INTEGERS = {"int8", "int16", "int32", "int64"}
FLOATS = {"float32", "float64"}
LISTS = {"list_float32"}
TYPES = INTEGERS | FLOATS | LISTS | {"string", "category", "bool", "date", "datetime"}


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Attributes:
        name, type, unit, meaning: as in the file; `type` is one of `TYPES`.
        nullable: whether the value may be missing.
        min, max: smallest and largest allowed value, or None.
        allowed: the only allowed values, or None.
        pattern: regular expression that a string must match, or None.
        references: "table.column" in which the value must occur, or None.
        control_digits: "national_id" or "org_number" where the control digits must be right, or None.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    nullable: bool = False
    min: float | str | None = None
    max: float | str | None = None
    allowed: tuple | None = None
    pattern: str | None = None
    references: str | None = None
    control_digits: str | None = None


@dataclass(frozen=True)
class Contract:
    """One table: its name, meaning, key columns and columns in order."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def _parse(file: Path) -> Contract:
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KitError(f"{file} is not valid TOML: {error}") from error
    fields = set(Column.__dataclass_fields__)
    columns = []
    for entry in raw.get("column", []):
        if missing := {"name", "type", "meaning"} - set(entry):
            raise KitError(f"{file}: column {entry.get('name', '?')} lacks {', '.join(sorted(missing))}.")
        if unknown := set(entry) - fields:
            raise KitError(f"{file}: column {entry['name']} has unknown {', '.join(sorted(unknown))}.")
        if entry["type"] not in TYPES:
            raise KitError(f"{file}: column {entry['name']} has type {entry['type']}; use one of {sorted(TYPES)}.")
        if "allowed" in entry:
            entry["allowed"] = tuple(entry["allowed"])
        columns.append(Column(**entry))
    table = raw.get("table", {})
    if missing := {"name", "meaning", "key"} - set(table):
        raise KitError(f"{file}: [table] lacks {', '.join(sorted(missing))}.")
    names = [column.name for column in columns]
    if len(set(names)) < len(names) or not set(table["key"]) <= set(names) or table["name"] != file.stem:
        raise KitError(f"{file}: a column is listed twice, a key is not a column, or the name is not the file's.")
    return Contract(table["name"], table["meaning"], tuple(table["key"]), tuple(columns))


@lru_cache(maxsize=1)
def contracts() -> dict[str, Contract]:
    """All contracts by table name, in alphabetical order."""
    found = {file.stem: _parse(file) for file in sorted(CONTRACTS.glob("*.toml"))}
    if not found:
        raise KitError(f"{CONTRACTS} holds no contracts. They are part of the course: restore them with git checkout.")
    return found


def contract(table: str) -> Contract:
    """The contract of one table; KitError with the known names if there is none."""
    if table not in contracts():
        raise KitError(f"There is no table {table!r}. The tables are {', '.join(contracts())}.")
    return contracts()[table]
