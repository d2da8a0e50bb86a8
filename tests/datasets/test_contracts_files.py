"""Every contract is well formed, says what its columns mean, and points to columns that exist."""

import re
import tomllib
from datetime import date

import pytest

from hipkit.datasets.contracts import CONTRACTS, FLOATS, INTEGERS, contract, contracts
from hipkit.datasets.generator.pipeline import table_names
from hipkit.paths import DATASETS

EVERY = [(table, column) for table, known in contracts().items() for column in known.columns]
COLUMNS = pytest.mark.parametrize(("table", "column"), EVERY, ids=[f"{t}.{c.name}" for t, c in EVERY])


def test_every_table_that_is_made_has_a_contract_and_the_other_way_round() -> None:
    assert set(contracts()) == set(table_names())
    assert {file.stem for file in CONTRACTS.iterdir()} == set(contracts())


@pytest.mark.parametrize("table", sorted(contracts()))
def test_the_table_says_what_it_is(table: str) -> None:
    known = contract(table)
    assert len(known.meaning.split()) >= 3
    assert known.key, "a table without a key cannot be checked for doubles"
    assert not [name for name in known.key if known.by_name[name].nullable], "a key column may not be missing"
    assert len(known.columns) >= 3


@COLUMNS
def test_the_column_says_what_it_means(table: str, column) -> None:
    assert len(column.meaning.strip()) >= 5
    assert column.unit == column.unit.strip()
    assert re.fullmatch("[a-z][a-z0-9_]*", column.name)
    if column.type in FLOATS:
        assert column.unit or "unit" in contract(table).by_name, "a measured value needs a unit"


@COLUMNS
def test_what_the_column_points_to_is_a_key_of_the_same_type(table: str, column) -> None:
    if column.references is None:
        return
    other, _, name = column.references.partition(".")
    target = contract(other).by_name[name]
    assert contract(other).key == (name,), f"{column.references} is not the key of its table"
    assert target.type == column.type


@COLUMNS
def test_domains_fit_the_type(table: str, column) -> None:
    for limit in (column.min, column.max):
        if limit is None:
            continue
        if column.type in ("date", "datetime"):
            date.fromisoformat(str(limit)[:10])
        else:
            assert column.type in INTEGERS | FLOATS and isinstance(limit, int | float)
    if column.min is not None and column.max is not None:
        assert column.min < column.max
    if column.pattern is not None:
        assert column.type in ("string", "category")
        assert column.pattern.startswith("^") and column.pattern.endswith("$"), "the whole value must match"
        re.compile(column.pattern)
    if column.allowed is not None:
        assert len(set(column.allowed)) == len(column.allowed) > 1
        wanted = int if column.type in INTEGERS else str
        assert all(isinstance(value, wanted) for value in column.allowed)


@COLUMNS
def test_columns_of_the_same_name_have_the_same_type(table: str, column) -> None:
    same = {other.type for _, other in EVERY if other.name == column.name}
    if column.name.endswith(("_id", "_hpr", "_number", "_code")) or column.name in (
        "postcode",
        "icd10",
        "icpc2",
        "atc",
    ):
        assert len(same) == 1 or same == {"string", "category"}


def test_every_reference_file_says_where_it_comes_from() -> None:
    folder = DATASETS / "reference"
    known = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
    assert sorted(entry["file"] for entry in known.values()) == sorted(
        file.name for file in folder.iterdir() if file.name != "sources.toml"
    )
    assert all(entry["source"] and entry["licence"] for entry in known.values())
