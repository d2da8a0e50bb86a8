"""The exports that keep the tables as they are: CSV, Parquet, DuckDB and their descriptions; and how a run may end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.datasets import exports, load_table, write_population
from hipkit.datasets.contracts import FLOATS, INTEGERS, TYPES, contract
from hipkit.datasets.exports.duckdb import TYPES as DUCKDB_TYPES
from hipkit.datasets.exports.source import open_source, sha256_of
from hipkit.datasets.generator.pipeline import table_names
from hipkit.errors import KitError

N = 400


@pytest.fixture(scope="module")
def population(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("population") / "made"
    write_population(folder, N, seed=11)
    return folder


@pytest.fixture(scope="module")
def out(population, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    exports.export(population, folder, ["csv", "parquet", "duckdb"])
    return folder


def codes_with_leading_zero(table: pl.DataFrame) -> list[str]:
    text = [name for name, kind in table.schema.items() if kind != pl.Boolean and not kind.is_numeric()]
    strings = table.select(pl.col(name).cast(pl.String) for name in text if not table[name].dtype.is_nested())
    return [name for name in strings.columns if strings[name].str.contains("^0[0-9]+$").any()]


# --- CSV ---


def test_there_are_leading_zeros_to_lose(population) -> None:
    assert "national_id" in codes_with_leading_zero(pl.read_parquet(population / "persons.parquet"))


def test_a_reader_that_guesses_loses_them(out) -> None:
    guessed = pd.read_csv(out / "csv" / "persons.csv")
    assert pd.api.types.is_integer_dtype(guessed["national_id"])


@pytest.mark.parametrize("table", table_names())
def test_the_loaders_read_the_same_from_csv_as_from_parquet(table, population, out) -> None:
    pd.testing.assert_frame_equal(load_table(table, population), load_table(table, out / "csv"))


def pandas_types(fields: list[dict]) -> dict[str, str]:
    """What a user of pandas makes of the data package: a type for every column."""
    kinds = {"integer": "Int64", "number": "float64", "boolean": "boolean"}
    return {field["name"]: kinds.get(field["type"], "str") for field in fields}


@pytest.mark.parametrize("table", table_names())
def test_pandas_polars_and_duckdb_read_the_csv_by_its_schema(table, population, out) -> None:
    stored = pl.read_parquet(population / f"{table}.parquet")
    package = json.loads((out / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    fields = next(r for r in package["resources"] if r["name"] == table)["schema"]["fields"]
    file = out / "csv" / f"{table}.csv"
    by_pandas = pd.read_csv(file, dtype=pandas_types(fields), keep_default_na=False, na_values=[""])
    kinds = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    by_polars = pl.read_csv(file, schema={f["name"]: kinds.get(f["type"], pl.String) for f in fields})
    names = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
    columns = {f["name"]: names.get(f["type"], "VARCHAR") for f in fields}
    by_duckdb = duckdb.sql(f"SELECT * FROM read_csv('{file}', columns = {columns}, header = true)").pl()
    for column in contract(table).columns:
        if column.type in ("string", "category"):
            expected = stored[column.name].cast(pl.String).to_list()
            assert by_polars[column.name].to_list() == expected
            assert by_duckdb[column.name].to_list() == expected
            assert [None if pd.isna(value) else value for value in by_pandas[column.name]] == expected
        elif column.type in INTEGERS | FLOATS | {"bool"}:
            expected = stored[column.name].to_list()
            assert by_polars[column.name].cast(stored[column.name].dtype).to_list() == expected
            assert by_duckdb[column.name].cast(stored[column.name].dtype).to_list() == expected
    assert len(by_pandas) == stored.height


# --- DuckDB ---


@pytest.mark.parametrize("table", table_names())
def test_the_duckdb_file_holds_the_tables_with_types_and_meanings(table, population, out) -> None:
    with duckdb.connect(out / "duckdb" / "population.duckdb", read_only=True) as base:
        made = base.sql(f"SELECT * FROM {table}").pl()
        meanings = dict(
            base.execute("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
        )
    stored = pl.read_parquet(population / f"{table}.parquet")
    as_text = [pl.col(name).cast(pl.String) for name, kind in stored.schema.items() if isinstance(kind, pl.Categorical)]
    assert made.equals(stored.with_columns(as_text).select(made.columns))
    assert made.columns == [column.name for column in contract(table).columns]
    assert all(meanings[column.name].startswith(column.meaning) for column in contract(table).columns)


# --- descriptions ---


def test_frictionless_finds_the_data_package_valid(out) -> None:
    from frictionless import Package, validate

    report = validate(str(out / "csv" / "datapackage.json"))
    assert report.flatten(["title", "fieldName", "rowNumber", "type", "message"]) == []
    assert {task.name: task.stats["rows"] for task in report.tasks} == {
        table: pl.read_csv(out / "csv" / f"{table}.csv", infer_schema=False).height for table in table_names()
    }
    # Nothing was left to guess: the library's own reading of the package has the types that are written in it.
    written = json.loads((out / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    package = Package(str(out / "csv" / "datapackage.json"))
    for resource in written["resources"]:
        read = package.get_resource(resource["name"]).schema
        assert [field.type for field in read.fields] == [field["type"] for field in resource["schema"]["fields"]]
        assert all("type" in field for field in resource["schema"]["fields"])


def test_frictionless_sees_a_lost_zero_and_a_reference_to_nobody(out, tmp_path) -> None:
    from frictionless import validate

    for file in (out / "csv").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    persons = pl.read_csv(tmp_path / "persons.csv", infer_schema=False)
    zeros = persons["national_id"].str.starts_with("0").arg_true()[0]
    broken = persons.with_row_index("row").with_columns(
        national_id=pl.when(pl.col("row") == zeros).then(pl.col("national_id").str.slice(1)).otherwise("national_id"),
        gp_hpr=pl.when(pl.col("row") == 1).then(pl.lit("999999999")).otherwise("gp_hpr"),
    )
    broken.drop("row").write_csv(tmp_path / "persons.csv")
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        del resource["bytes"], resource["hash"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    errors = validate(str(tmp_path / "datapackage.json")).flatten(["rowNumber", "fieldName", "type"])
    # Row numbers of frictionless count the header.
    assert [zeros + 2, "national_id", "constraint-error"] in errors
    assert any(row == 3 and kind == "foreign-key" for row, _, kind in errors)


@pytest.mark.parametrize("table", table_names())
def test_mlcroissant_loads_the_records(table, population, out) -> None:
    import mlcroissant as mlc

    described = mlc.Dataset(out / "parquet" / "croissant.json")
    assert not described.metadata.ctx.issues.errors and not described.metadata.ctx.issues.warnings
    stored = pl.read_parquet(population / f"{table}.parquet")
    records = list(described.records(table))
    assert len(records) == stored.height
    for column in contract(table).columns:
        if column.type in ("string", "category"):
            values = [record[f"{table}/{column.name}"] for record in records]
            assert [v.decode() if isinstance(v, bytes) else v for v in values] == stored[column.name].cast(
                pl.String
            ).to_list()


def test_croissant_describes_every_column_and_the_very_files(out) -> None:
    described = json.loads((out / "parquet" / "croissant.json").read_text(encoding="utf-8"))
    sums = {entry["@id"]: entry["sha256"] for entry in described["distribution"]}
    assert sums == {f"{table}.parquet": sha256_of(out / "parquet" / f"{table}.parquet") for table in table_names()}
    fields = {field["@id"] for records in described["recordSet"] for field in records["field"]}
    assert fields == {f"{table}/{column.name}" for table in table_names() for column in contract(table).columns}


def test_the_catalogue_counts_what_is_there(population, out) -> None:
    from rdflib import DCAT, DCTERMS, RDF, Graph, Namespace

    health = Namespace("http://healthdataportal.eu/ns/health#")
    graph = Graph().parse(out / "dcat.jsonld", format="json-ld")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert int(graph.value(dataset, health.numberOfUniqueIndividuals)) == N
    source = open_source(population)
    assert int(graph.value(dataset, health.numberOfRecords)) == sum(source.rows(table) for table in source.files)
    assert str(graph.value(dataset, DCTERMS.type)).endswith("/SYNTHETIC_DATA")
    assert len(list(graph.objects(dataset, DCAT.distribution))) == 3
    for distribution in graph.objects(dataset, DCAT.distribution):
        name = str(graph.value(distribution, DCAT.accessURL)).rpartition("/")[2]
        size = sum(file.stat().st_size for file in (out / name).iterdir())
        assert int(graph.value(distribution, DCAT.byteSize)) == size


# --- how a run may end ---


def test_the_command_exports_and_says_where(population, tmp_path) -> None:
    answer = CliRunner().invoke(
        main, ["data", "export", str(population), "--format", "csv", "--out", str(tmp_path / "here")]
    )
    assert answer.exit_code == 0, answer.output
    assert str(tmp_path / "here" / "csv") in answer.output.replace("\n", "")
    assert (tmp_path / "here" / "csv" / "persons.csv").is_file()
    assert not (tmp_path / "here" / "duckdb").exists()


def test_an_unknown_format_is_named_with_the_known_ones(population, tmp_path) -> None:
    with pytest.raises(KitError, match=r"no export format 'xlsx'.*csv, parquet, duckdb"):
        exports.export(population, tmp_path / "out", ["csv", "xlsx"])
    assert not (tmp_path / "out").exists()


def test_a_folder_without_tables_says_how_to_make_them(tmp_path) -> None:
    with pytest.raises(KitError, match=r"holds no Parquet tables.*hipkit data make"):
        exports.export(tmp_path, tmp_path / "out")


def test_a_place_that_cannot_be_written_is_named(population, tmp_path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(KitError, match=r"file/csv could not be written: .*file"):
        exports.export(population, tmp_path / "file", ["csv"])


def test_other_peoples_files_are_not_replaced(population, tmp_path) -> None:
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KitError, match="holds other files"):
        exports.export(population, tmp_path, ["csv"])
    assert (tmp_path / "csv" / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_too_little_disk_is_said_before_anything_is_written(population, tmp_path, monkeypatch) -> None:
    small = type("usage", (), {"free": 1000})
    monkeypatch.setattr(exports.shutil, "disk_usage", lambda place: small)
    with pytest.raises(KitError, match=r"needs about .* GB of disk"):
        exports.export(population, tmp_path / "out", ["csv"])
    assert not (tmp_path / "out").exists()


def test_a_broken_table_is_said(population, tmp_path) -> None:
    (tmp_path / "persons.parquet").write_bytes((population / "persons.parquet").read_bytes()[:-2000])
    with pytest.raises(KitError, match=r"persons\.parquet is not a readable Parquet file"):
        exports.export(tmp_path, tmp_path / "out", ["csv"])


# Runs an export in a process of its own that is ended in the middle of the last table's file.
CHILD = """
import os, signal, sys
from pathlib import Path
import hipkit.datasets.exports.csv as csv
from hipkit.datasets.exports import export
whole = csv.data_package
def ended(source, folder):
    {end}
    whole(source, folder)
csv.data_package = ended
try:
    export(sys.argv[1], Path(sys.argv[2]), ["csv"])
except BaseException as error:
    print(type(error).__name__, error)
"""
FULL = """
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"""


@pytest.mark.parametrize(
    ("end", "says"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", ""),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise OSError(28, 'No space left on device')", "KitError The disk is full"),
        (FULL, "KitError"),
    ],
    ids=["killed", "interrupted", "disk-full", "write-fails"],
)
def test_what_stops_a_run_leaves_the_last_good_export(end, says, population, tmp_path) -> None:
    def folder_sums() -> dict[str, str]:
        return {file.name: sha256_of(file) for file in (tmp_path / "csv").iterdir()}

    exports.export(population, tmp_path, ["csv"])
    before = folder_sums()
    child = subprocess.run(
        [sys.executable, "-c", CHILD.format(end=end), str(population), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )
    assert child.stdout.startswith(says), child.stderr
    assert (child.returncode == -signal.SIGKILL) == ("SIGKILL" in end)
    assert folder_sums() == before
    # The next run works, and clears away what a killed one left.
    exports.export(population, tmp_path, ["csv"])
    assert folder_sums() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["csv", "dcat.jsonld"]


def test_every_type_of_a_contract_has_a_type_in_duckdb() -> None:
    assert set(TYPES) == set(DUCKDB_TYPES)


@pytest.mark.parametrize("form", ["fhir", "omop"])
def test_a_population_without_a_table_that_the_form_needs_is_named(form, population, tmp_path) -> None:
    for table in ("persons", "personnel", "organisations"):
        (tmp_path / f"{table}.parquet").write_bytes((population / f"{table}.parquet").read_bytes())
    with pytest.raises(KitError, match=rf"{form.upper()} export needs the table conditions.*hipkit data make"):
        exports.export(tmp_path, tmp_path / "out", [form])
    assert not (tmp_path / "out" / form).exists()


@pytest.mark.parametrize("form", ["fhir", "omop"])
def test_a_missing_value_stops_the_export_and_is_not_left_out(form, population, tmp_path) -> None:
    for file in population.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    persons = pl.read_parquet(population / "persons.parquet")
    holed = persons.with_columns(birth_date=pl.when(pl.col("person_id") != 7).then("birth_date"))
    holed.write_parquet(tmp_path / "persons.parquet")
    with pytest.raises(KitError, match=r"1 rows .*hipkit data check"):
        exports.export(tmp_path, tmp_path / "out", [form])
    assert list((tmp_path / "out").iterdir()) == []
