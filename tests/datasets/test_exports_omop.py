"""The OMOP export against OHDSI's list of the fields of CDM 5.4, and against the tables it was made from."""

import re
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hipkit.datasets import exports, write_population
from hipkit.datasets.exports.omop import as_omop
from hipkit.errors import KitError
from hipkit.paths import DATASETS

N = 300
FIELDS = pl.read_csv(DATASETS / "reference" / "omop_fields.csv", infer_schema=False)
TABLES = sorted(FIELDS["table"].unique())


@pytest.fixture(scope="module")
def population(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("population") / "made"
    write_population(folder, N, seed=13)
    return folder


@pytest.fixture(scope="module")
def omop(population, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("exports")
    exports.export(population, out, ["omop"])
    return out / "omop"


def read(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{table}.parquet")


def test_the_list_of_fields_has_the_tables_of_the_course() -> None:
    assert {"person", "visit_occurrence", "condition_occurrence", "drug_exposure", "measurement"} <= set(TABLES)
    # Spot checks against the specification, so that a damaged list is seen.
    assert FIELDS.filter(pl.col("table") == "person").height == 18
    assert FIELDS.filter(pl.col("table") == "measurement").height == 23


@pytest.mark.parametrize("table", TABLES)
def test_fields_and_types_are_those_of_cdm_5_4(table, omop) -> None:
    stored = pq.read_schema(omop / f"{table}.parquet")
    wanted = FIELDS.filter(pl.col("table") == table)
    assert stored.names == wanted["field"].to_list()
    fits = {
        "integer": pa.types.is_integer,
        "float": pa.types.is_float64,
        "date": pa.types.is_date,
        "datetime": pa.types.is_timestamp,
    }
    for field in wanted.iter_rows(named=True):
        assert fits.get(field["type"], pa.types.is_string)(stored.field(field["field"]).type), field


@pytest.mark.parametrize("table", TABLES)
def test_required_fields_are_there_keys_are_unique_and_texts_fit(table, omop) -> None:
    rows = read(omop, table)
    assert rows.height
    for field in FIELDS.filter(pl.col("table") == table).iter_rows(named=True):
        values = rows[field["field"]]
        if field["required"] == "1":
            assert values.null_count() == 0, field
        if field["key"] == "1":
            assert values.n_unique() == rows.height, field
        if limit := re.fullmatch(r"varchar\((\d+)\)", field["type"]):
            assert (values.str.len_chars().max() or 0) <= int(limit[1]), field


@pytest.mark.parametrize("table", TABLES)
def test_references_between_the_tables_resolve(table, omop) -> None:
    for field in FIELDS.filter((pl.col("table") == table) & pl.col("references").is_in(TABLES)).iter_rows(named=True):
        target = read(omop, field["references"])[f"{field['references']}_id"]
        assert read(omop, table)[field["field"]].drop_nulls().is_in(target.implode()).all(), field


def test_nothing_is_lost_on_the_way(population, omop) -> None:
    rows = {file.stem: pl.read_parquet(file) for file in population.glob("*.parquet")}
    signs = ["systolic", "diastolic", "heart_rate", "respiratory_rate", "temperature", "spo2", "height", "weight"]
    assert read(omop, "person").height == N
    assert read(omop, "visit_occurrence").height == rows["encounters"].height
    assert read(omop, "condition_occurrence").height == rows["diagnoses"].height + rows["conditions"].height
    assert read(omop, "drug_exposure").height == rows["medications"].height
    measured = rows["lab_results"].height + sum(rows["vital_signs"][name].count() for name in signs)
    assert read(omop, "measurement").height == measured
    assert read(omop, "death").height == rows["persons"]["death_date"].count()


def test_values_arrive(population, omop) -> None:
    results = pl.read_parquet(population / "lab_results.parquet").sort("result_id")
    laboratory = read(omop, "measurement").filter(pl.col("measurement_type_concept_id") == 32856)
    laboratory = laboratory.sort("measurement_id")
    assert laboratory["value_as_number"].to_list() == pytest.approx(results["value"].to_list())
    assert laboratory["unit_source_value"].to_list() == results["unit"].cast(pl.String).to_list()
    assert laboratory.filter(pl.col("unit_concept_id") == 0).is_empty()
    persons = pl.read_parquet(population / "persons.parquet")
    concepts = persons["sex"].cast(pl.String).replace_strict({"F": 8532, "M": 8507}).to_list()
    assert read(omop, "person")["gender_concept_id"].to_list() == concepts


def test_periods_are_in_order(omop) -> None:
    for table, start, end in (
        ("visit_occurrence", "visit_start_datetime", "visit_end_datetime"),
        ("drug_exposure", "drug_exposure_start_date", "drug_exposure_end_date"),
        ("observation_period", "observation_period_start_date", "observation_period_end_date"),
    ):
        rows = read(omop, table)
        assert (rows[start] <= rows[end]).all(), table


def test_no_number_of_a_concept_is_from_memory() -> None:
    for name in ("omop_concepts", "units", "vital_codes"):
        marks = pl.read_csv(DATASETS / "reference" / f"{name}.csv", infer_schema=False)["confidence"]
        assert set(marks) <= {"V", "V2"}, name


def test_every_visit_type_and_measured_sign_has_a_concept_and_few_analyses_have_none(omop) -> None:
    assert read(omop, "visit_occurrence").filter(pl.col("visit_concept_id") == 0).is_empty()
    measured = read(omop, "measurement")
    assert measured.filter(pl.col("unit_concept_id") == 0).is_empty()
    without = measured.filter(pl.col("measurement_concept_id") == 0)["measurement_source_value"].unique()
    # HbA1c by IFCC and thyrotropin: their numbers were in no source that could be read.
    assert set(without) == {"59261-8", "11579-0"}


def test_no_direct_identifier_is_in_it(population, omop) -> None:
    persons = pl.read_parquet(population / "persons.parquet")
    numbers = persons["national_id"].implode()
    for table in TABLES:
        for values in read(omop, table).select(pl.col(pl.String)):
            assert not values.drop_nulls().is_in(numbers).any()
    assert "location" not in TABLES


def test_a_field_that_omop_lacks_and_a_required_null_are_refused() -> None:
    with pytest.raises(ValueError, match="no field"):
        as_omop("death", pl.DataFrame({"person_id": [1], "cause": ["x"]}))
    with pytest.raises(KitError, match=r"OMOP requires death\.death_date, and 1 rows have none.*hipkit data check"):
        as_omop("death", pl.DataFrame({"person_id": [1]}))
