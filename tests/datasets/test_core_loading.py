"""Loading and checking: types that keep leading zeros, the same from Parquet and CSV, and faults that are named."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hipkit.datasets import load_persons, load_table, write_population
from hipkit.datasets.checking import check_folder, schema
from hipkit.datasets.contracts import contract, contracts
from hipkit.datasets.sample import to_csv
from hipkit.errors import KitError

CORE = ("organisations", "personnel", "persons")
N = 400


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parquet") / "population"
    write_population(folder, N, 5, tables=CORE)
    return folder


@pytest.fixture(scope="module")
def csv(parquet, tmp_path_factory):
    folder = tmp_path_factory.mktemp("csv")
    for table in CORE:
        to_csv(table, parquet / f"{table}.parquet", folder / f"{table}.csv")
    return folder


@pytest.fixture
def edited(csv, tmp_path):
    """A function that changes one line of a copy of the CSV files and returns what the check finds."""

    def edit(table, row, column, value):
        for name in CORE:
            (tmp_path / f"{name}.csv").write_bytes((csv / f"{name}.csv").read_bytes())
        frame = pd.read_csv(csv / f"{table}.csv", dtype=str, keep_default_na=False)
        frame.loc[row - 1, column] = value
        frame.to_csv(tmp_path / f"{table}.csv", index=False)
        return check_folder(tmp_path)

    return edit


@pytest.mark.parametrize("table", CORE)
def test_parquet_and_csv_load_as_the_same_frame(parquet, csv, table):
    pd.testing.assert_frame_equal(load_table(table, parquet), load_table(table, csv))


def test_loaded_codes_keep_their_leading_zeros(csv):
    persons = load_persons(csv)
    assert persons["national_id"].str.len().eq(11).all()
    assert persons["national_id"].str.startswith("0").any()
    assert persons["municipality_code"].dtype == "category"
    assert persons["birth_date"].dtype == "datetime64[us]"
    assert persons["mother_id"].dtype == "Int64"
    assert persons["interpreter_needed"].dtype == bool
    assert list(persons["sex"].cat.categories) == ["F", "M"]


def test_chosen_columns_only(parquet):
    assert list(load_persons(parquet, columns=["sex", "person_id"]).columns) == ["person_id", "sex"]
    with pytest.raises(KitError, match="persons has no column 'colour'"):
        load_persons(parquet, columns=["colour"])


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(KitError, match="There is no folder"):
        load_persons(tmp_path / "nothing")
    with pytest.raises(KitError, match="has no table persons"):
        load_persons(tmp_path)
    with pytest.raises(KitError, match="There is no table 'patients'"):
        load_table("patients", tmp_path)


def test_the_loaders_need_neither_polars_nor_pyarrow(csv):
    """A Python inside the browser has pandas and none of these."""
    script = (
        "import sys\n"
        "missing = ('polars', 'pyarrow', 'dataframely', 'duckdb', 'dask')\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in missing:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name in missing else found(name, *rest)\n"
        "from hipkit.datasets import load_persons\n"
        f"frame = load_persons({str(csv)!r})\n"
        "print(len(frame), frame['national_id'].str.len().unique().tolist())\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.stdout == f"{N} [11]\n", result.stderr


def test_a_fresh_population_has_no_findings(parquet, csv):
    assert check_folder(parquet) == []
    assert check_folder(csv) == []


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "rule"),
    [
        ("persons", 17, "sex", "X", "not one of the allowed values"),
        ("persons", 3, "municipality_code", "301", "does not match the pattern"),
        ("persons", 400, "phone", "40000000", "does not match the pattern"),
        ("persons", 5, "birth_date", "1890-05-01", "below the smallest allowed value 1900-01-01"),
        ("persons", 5, "birth_date", "yesterday", "is not of type date"),
        ("persons", 9, "household_id", "", "a value is missing"),
        ("persons", 9, "household_id", "12.5", "is not of type int64"),
        ("persons", 11, "mother_id", "401", "does not occur in persons.person_id"),
        ("persons", 12, "gp_hpr", "900999999", "does not occur in personnel.hpr_number"),
        ("persons", 2, "vip", "maybe", "is not of type bool"),
        ("persons", 7, "education", "5", "above the largest allowed value 4"),
        ("personnel", 4, "profession", "wizard", "not one of the allowed values"),
        ("organisations", 2, "org_number", "999999999", "does not match the pattern"),
    ],
)
def test_a_file_edited_by_hand_is_found_with_table_column_row_and_rule(edited, table, row, column, value, rule):
    findings = edited(table, row, column, value)
    assert [(f.table, f.column, f.row) for f in findings] == [(table, column, row)]
    assert rule in findings[0].rule
    assert f"table {table}, column {column}, row {row}" in str(findings[0])


def test_a_wrong_digit_in_a_number_is_found(edited, csv):
    number = load_persons(csv)["national_id"][20]
    findings = edited("persons", 21, "national_id", number[:10] + str((int(number[10]) + 1) % 10))
    assert [(f.column, f.row, f.rule) for f in findings] == [("national_id", 21, "has wrong control digits")]


def test_a_key_that_occurs_twice_is_found(edited):
    findings = edited("persons", 8, "person_id", "7")
    assert {(f.column, f.row) for f in findings if "key" in f.rule} == {("person_id", 7), ("person_id", 8)}


def test_a_key_that_occurs_in_two_parts_of_a_file_is_found(parquet, tmp_path):
    import pyarrow.parquet as pq

    stored = pq.ParquetFile(parquet / "organisations.parquet").read()
    with pq.ParquetWriter(tmp_path / "organisations.parquet", stored.schema) as writer:
        writer.write_table(stored)
        writer.write_table(stored.slice(3, 1))
    findings = check_folder(tmp_path)
    assert [(f.column, f.row) for f in findings] == [("organisation_id", stored.num_rows + 1)]


def test_many_faults_are_counted_and_not_all_listed(csv, tmp_path):
    frame = pd.read_csv(csv / "organisations.csv", dtype=str, keep_default_na=False)
    frame["kind"] = "castle"
    frame.to_csv(tmp_path / "organisations.csv", index=False)
    findings = check_folder(tmp_path)
    assert len(findings) == 5
    assert findings[-1].more == len(frame) - 5
    assert f"{len(frame) - 5} more rows" in str(findings[-1])


def test_a_missing_column_a_new_column_and_a_broken_file_are_found(parquet, csv, tmp_path):
    frame = pd.read_csv(csv / "organisations.csv", dtype=str)
    frame.drop(columns="kind").assign(colour="red").to_csv(tmp_path / "organisations.csv", index=False)
    found = {(f.column, f.rule) for f in check_folder(tmp_path)}
    assert found == {("kind", "the column is missing"), ("colour", "the contract has no such column")}
    (tmp_path / "organisations.csv").unlink()
    (tmp_path / "persons.parquet").write_bytes((parquet / "persons.parquet").read_bytes()[:5000])
    (finding,) = check_folder(tmp_path)
    assert "not a readable Parquet file" in finding.rule


def test_wrong_types_in_parquet_are_found(parquet, tmp_path):
    frame = pl.read_parquet(parquet / "organisations.parquet").with_columns(pl.col("org_number").cast(pl.Int64))
    frame.write_parquet(tmp_path / "organisations.parquet")
    findings = check_folder(tmp_path)
    assert ("org_number", "has type Int64 and not string") in {(f.column, f.rule) for f in findings}


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(KitError, match="holds no tables"):
        check_folder(tmp_path)


def test_every_contract_can_be_read_and_made_a_schema():
    for table in contracts():
        assert list(schema(table).columns()) == [column.name for column in contract(table).columns]
        assert all(column.meaning for column in contract(table).columns)


def test_lists_of_numbers_load_from_csv_as_from_parquet(tmp_path):
    from hipkit.datasets.contracts import Column
    from hipkit.datasets.loaders import _convert

    line = pd.Series(["1.5 -2 0.25"])
    loaded = _convert(line, Column("samples", "list_float32", "test"))
    assert loaded[0].dtype == np.float32
    assert loaded[0].tolist() == [1.5, -2.0, 0.25]
