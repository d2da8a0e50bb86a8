"""OMOP CDM 5.4: persons, visits, conditions, drugs and measurements, and what they refer to, one Parquet file a table.

Names, order, types and required fields of the columns come from `datasets/reference/omop_fields.csv`, OHDSI's own list.
As in a research database, no name, address or identity number is in it.

Source codes (ICD-10, ICPC-2, ATC, LOINC) stand in the `_source_value` columns. The standardised vocabularies may not be
passed on with data, so a concept that `omop_concepts.csv` does not have is 0, OMOP's "no matching concept"; whoever has
the vocabularies maps the source codes with them.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from hipkit import __version__
from hipkit.datasets.exports.source import Source, reference
from hipkit.datasets.generator.block import HISTORY_END, HISTORY_START, REFERENCE_DATE
from hipkit.errors import KitError

NEEDS = (
    "persons",
    "personnel",
    "organisations",
    "conditions",
    "encounters",
    "diagnoses",
    "medications",
    "lab_results",
    "vital_signs",
)
UNMAPPED = 0
# More than the chronic conditions of the course, and more than the vital signs of a row: for numbers in closed form.
CONDITIONS = 128
MEASURES = 16


@lru_cache(maxsize=16)
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of an OMOP table. Numbers of records are int64, so that many patients fit; concepts int32."""
    columns = []
    for field in reference("omop_fields").filter(pl.col("table") == table).iter_rows(named=True):
        kinds = {"integer": pa.int32(), "float": pa.float64(), "date": pa.date32(), "datetime": pa.timestamp("us")}
        kind = kinds.get(field["type"], pa.string())
        if kind == pa.int32() and (field["key"] == "1" or field["references"] not in (None, "concept")):
            kind = pa.int64()
        columns.append(pa.field(field["field"], kind, nullable=field["required"] == "0"))
    return pa.schema(columns)


def write(source: Source, folder: Path) -> None:
    """Write `<table>.parquet` for every OMOP table of the export."""
    source.require(NEEDS, "The OMOP export")
    writers: dict[str, pq.ParquetWriter] = {}
    try:
        for table, rows in _tables(source):
            if table not in writers:
                writers[table] = pq.ParquetWriter(folder / f"{table}.parquet", arrow_schema(table), compression="zstd")
            writers[table].write_table(as_omop(table, rows))
    finally:
        for writer in writers.values():
            writer.close()


def as_omop(table: str, rows: pl.DataFrame) -> pa.Table:
    """The rows with all fields of the OMOP table in order; fields that are not given are null.

    Raises:
        ValueError: a field is not OMOP's.
        KitError: a required field is missing or null.
    """
    schema = arrow_schema(table)
    if unknown := set(rows.columns) - set(schema.names):
        raise ValueError(f"OMOP's {table} has no field {sorted(unknown)}")
    arrays = []
    for field in schema:
        if field.name not in rows.columns:
            arrays.append(pa.nulls(rows.height, field.type))
        else:
            series = rows[field.name]
            text = pa.types.is_string(field.type)
            arrays.append((series.cast(pl.String) if text else series).to_arrow().cast(field.type))
        if not field.nullable and arrays[-1].null_count:
            missing = arrays[-1].null_count
            raise KitError(
                f"OMOP requires {table}.{field.name}, and {missing} rows have none. Run `hipkit data check`."
            )
    return pa.Table.from_arrays(arrays, schema=schema)


def _tables(source: Source) -> Iterator[tuple[str, pl.DataFrame]]:
    offices = source.whole("personnel").select(gp_hpr="hpr_number", care_site_id="organisation_id")
    yield "cdm_source", _cdm_source()
    yield "care_site", _care_sites(source.whole("organisations"))
    yield "provider", _providers(source.whole("personnel"))
    for first, last in source.person_ranges():
        persons = source.of_persons("persons", first, last)
        ends = persons.select("person_id", end=pl.min_horizontal(pl.lit(HISTORY_END), pl.col("death_date")))
        yield "person", _persons(persons, offices)
        yield "observation_period", _observation_periods(persons)
        yield "death", _deaths(persons)
        yield "visit_occurrence", _visits(source.of_persons("encounters", first, last))
        yield "condition_occurrence", _diagnoses(source.of_persons("diagnoses", first, last))
        yield "condition_occurrence", _conditions(source.of_persons("conditions", first, last))
        yield "drug_exposure", _drugs(source.of_persons("medications", first, last), ends)
        yield "measurement", _lab_results(source.of_persons("lab_results", first, last))
        yield "measurement", _vital_signs(source.of_persons("vital_signs", first, last))


def concept(field: str, value: str) -> int:
    """Number of the concept of a source value; 0 if `omop_concepts.csv` has none."""
    return _concepts(field).get(value, UNMAPPED)


@lru_cache(maxsize=16)
def _concepts(field: str) -> dict[str, int]:
    known = reference("omop_concepts").filter(pl.col("field") == field)
    return {value: int(number) for value, number in known.select("source_value", "concept_id").iter_rows()}


def _mapped(field: str, column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).replace_strict(_concepts(field), default=UNMAPPED, return_dtype=pl.Int32)


def _type(value: str) -> pl.Expr:
    return pl.lit(concept("type_concept_id", value))


def _unit(column: str) -> pl.Expr:
    numbers = {unit: int(number) for unit, number in reference("units").select("unit", "omop_concept_id").iter_rows()}
    return pl.col(column).cast(pl.String).replace_strict(numbers, default=UNMAPPED, return_dtype=pl.Int32)


def _cdm_source() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "cdm_source_name": "Synthetic patients of the HIP course",
            "cdm_source_abbreviation": "HIP",
            "cdm_holder": "The HIP Network course authors",
            "source_description": "Invented patients for teaching. No record of a person is in it.",
            "cdm_etl_reference": f"hipkit {__version__}",
            "source_release_date": REFERENCE_DATE,
            "cdm_release_date": REFERENCE_DATE,
            "cdm_version": "5.4",
            "cdm_version_concept_id": concept("cdm_version_concept_id", "5.4"),
            "vocabulary_version": "none",
        }
    )


def _care_sites(organisations: pl.DataFrame) -> pl.DataFrame:
    return organisations.select(
        care_site_id="organisation_id",
        care_site_name="name",
        care_site_source_value="org_number",
        place_of_service_source_value="kind",
    )


def _providers(personnel: pl.DataFrame) -> pl.DataFrame:
    return personnel.select(
        provider_id="hpr_number",
        care_site_id="organisation_id",
        year_of_birth=pl.col("birth_date").dt.year(),
        provider_source_value="hpr_number",
        specialty_source_value="profession",
    )


def _persons(persons: pl.DataFrame, offices: pl.DataFrame) -> pl.DataFrame:
    birth = pl.col("birth_date")
    return persons.join(offices, on="gp_hpr", how="left", maintain_order="left").select(
        "person_id",
        "care_site_id",
        gender_concept_id=_mapped("gender_concept_id", "sex"),
        year_of_birth=birth.dt.year(),
        month_of_birth=birth.dt.month(),
        day_of_birth=birth.dt.day(),
        birth_datetime=birth.cast(pl.Datetime("us")),
        race_concept_id=pl.lit(UNMAPPED),
        ethnicity_concept_id=pl.lit(UNMAPPED),
        provider_id="gp_hpr",
        person_source_value="person_id",
        gender_source_value="sex",
    )


def _observation_periods(persons: pl.DataFrame) -> pl.DataFrame:
    return persons.select(
        "person_id",
        observation_period_id="person_id",
        observation_period_start_date=pl.max_horizontal(pl.lit(HISTORY_START), pl.col("birth_date")),
        observation_period_end_date=pl.min_horizontal(pl.lit(HISTORY_END), pl.col("death_date")),
        period_type_concept_id=_type("record"),
    )


def _deaths(persons: pl.DataFrame) -> pl.DataFrame:
    dead = persons.filter(pl.col("death_date").is_not_null())
    return dead.select("person_id", "death_date", death_type_concept_id=_type("record"))


def _visits(encounters: pl.DataFrame) -> pl.DataFrame:
    return encounters.select(
        "person_id",
        visit_occurrence_id="encounter_id",
        visit_concept_id=_mapped("visit_concept_id", "kind"),
        visit_start_date=pl.col("start").dt.date(),
        visit_start_datetime="start",
        visit_end_date=pl.col("end").dt.date(),
        visit_end_datetime="end",
        visit_type_concept_id=_type("record"),
        care_site_id="organisation_id",
        visit_source_value="kind",
        discharged_to_source_value="discharged_to",
    )


def _diagnoses(diagnoses: pl.DataFrame) -> pl.DataFrame:
    status = {True: concept("condition_status_concept_id", "1"), False: concept("condition_status_concept_id", "other")}
    return diagnoses.select(
        "person_id",
        # Even numbers here, odd ones for the chronic conditions.
        condition_occurrence_id=pl.col("diagnosis_id") * 2,
        condition_concept_id=pl.lit(UNMAPPED),
        condition_start_date="recorded",
        condition_type_concept_id=_type("record"),
        condition_status_concept_id=(pl.col("rank") == 1).replace_strict(status, return_dtype=pl.Int32),
        visit_occurrence_id="encounter_id",
        condition_source_value="code",
        condition_status_source_value="rank",
    )


def _conditions(conditions: pl.DataFrame) -> pl.DataFrame:
    place = pl.int_range(pl.len()).over("person_id")
    return conditions.select(
        "person_id",
        condition_occurrence_id=(pl.col("person_id") * CONDITIONS + place) * 2 + 1,
        condition_concept_id=pl.lit(UNMAPPED),
        condition_start_date="onset_date",
        condition_type_concept_id=_type("problem_list"),
        condition_source_value="icd10",
    )


def _drugs(medications: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    # OMOP asks for an end: a medication in use ends with the person's observation.
    return medications.join(ends, on="person_id", how="left", maintain_order="left").select(
        "person_id",
        drug_exposure_id="prescription_id",
        drug_concept_id=pl.lit(UNMAPPED),
        drug_exposure_start_date="start_date",
        drug_exposure_end_date=pl.coalesce("end_date", pl.max_horizontal("end", "start_date")),
        verbatim_end_date="end_date",
        drug_type_concept_id=_type("prescription"),
        sig="dose_text",
        provider_id="prescriber_hpr",
        drug_source_value="atc",
    )


def _lab_results(results: pl.DataFrame) -> pl.DataFrame:
    return results.select(
        "person_id",
        measurement_id=pl.col("result_id") * MEASURES,
        measurement_concept_id=_mapped("measurement_concept_id", "loinc"),
        measurement_date=pl.col("taken_at").dt.date(),
        measurement_datetime="taken_at",
        measurement_type_concept_id=_type("laboratory"),
        value_as_number=pl.col("value").cast(pl.Float64),
        unit_concept_id=_unit("unit"),
        range_low=pl.col("ref_low").cast(pl.Float64),
        range_high=pl.col("ref_high").cast(pl.Float64),
        visit_occurrence_id="encounter_id",
        measurement_source_value="loinc",
        unit_source_value="unit",
        value_source_value=pl.col("value").cast(pl.String),
    )


def _vital_signs(rows: pl.DataFrame) -> pl.DataFrame:
    units = dict(reference("units").select("unit", "omop_concept_id").iter_rows())
    made = []
    for place, sign in enumerate(reference("vital_codes").iter_rows(named=True), start=1):
        measured = rows.filter(pl.col(sign["column"]).is_not_null())
        made.append(
            measured.select(
                "person_id",
                measurement_id=pl.col("vital_id") * MEASURES + place,
                measurement_concept_id=pl.lit(int(sign["omop_concept_id"]), pl.Int32),
                measurement_date=pl.col("measured_at").dt.date(),
                measurement_datetime="measured_at",
                measurement_type_concept_id=_type("record"),
                value_as_number=pl.col(sign["column"]).cast(pl.Float64),
                unit_concept_id=pl.lit(int(units[sign["unit"]]), pl.Int32),
                visit_occurrence_id="encounter_id",
                measurement_source_value=pl.lit(sign["loinc"]),
                unit_source_value=pl.lit(sign["unit"]),
            )
        )
    return pl.concat(made)
