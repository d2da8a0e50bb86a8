"""Contacts, diagnoses, medication, results, services and outcomes hang together, are as planned, and can be learned."""

import numpy as np
import polars as pl
import pytest

from hipkit.datasets import describe, make_population, write_population

N, SEED = 60_000, 5
TABLES = (
    "persons",
    "conditions",
    "medications",
    "encounters",
    "diagnoses",
    "lab_results",
    "vital_signs",
    "municipal_services",
    "welfare_events",
    "outcomes",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("clinical") / "population"
    write_population(place, N, SEED)
    return place


@pytest.fixture(scope="module")
def made(folder) -> dict[str, pl.DataFrame]:
    return {table: pl.read_parquet(folder / f"{table}.parquet") for table in TABLES}


def test_nobody_is_in_two_beds_at_once(made) -> None:
    stays = made["encounters"].filter(pl.col("kind") == "inpatient").sort("person_id", "start")
    overlap = stays.with_columns(before=pl.col("end").shift(1).over("person_id")).filter(
        pl.col("start") <= pl.col("before")
    )
    assert overlap.height == 0


def test_nothing_happens_before_birth_or_after_death(made) -> None:
    persons = made["persons"].select("person_id", "birth_date", "death_date")
    for table, column in (("encounters", "start"), ("lab_results", "taken_at"), ("vital_signs", "measured_at")):
        days = made[table].join(persons, on="person_id").with_columns(pl.col(column).dt.date().alias("day"))
        assert days.filter((pl.col("day") < pl.col("birth_date")) | (pl.col("day") > pl.col("death_date"))).height == 0
    prescribed = made["medications"].join(persons, on="person_id")
    assert prescribed.filter(pl.col("start_date") < pl.col("birth_date")).height == 0


def test_every_contact_has_one_main_diagnosis_in_the_code_system_of_its_place(made) -> None:
    main = made["diagnoses"].filter(pl.col("rank") == 1).join(made["encounters"], on="encounter_id")
    assert main.height == made["encounters"].height
    expected = pl.when(pl.col("kind") == "gp").then(pl.lit("icpc2")).otherwise(pl.lit("icd10"))
    assert main.filter(pl.col("system").cast(pl.String) != expected).height == 0


def test_the_readmission_label_is_what_the_timeline_shows(made) -> None:
    stays = (
        made["encounters"]
        .filter(pl.col("kind") == "inpatient")
        .select(
            "encounter_id",
            "person_id",
            "start",
            "end",
            "urgency",
            "organisation_id",
            "readmitted_30d",
            "readmitted_30d_recorded",
        )
    )
    pairs = stays.join(stays, on="person_id", suffix="_next").filter(
        (pl.col("start_next") > pl.col("end"))
        & (pl.col("start_next") <= pl.col("end") + pl.duration(days=30))
        & (pl.col("urgency_next") == "acute")
    )
    seen = set(pairs["encounter_id"])
    same = set(pairs.filter(pl.col("organisation_id") == pl.col("organisation_id_next"))["encounter_id"])
    known = stays.filter(pl.col("readmitted_30d").is_not_null())
    assert known.filter(pl.col("readmitted_30d") != pl.col("encounter_id").is_in(list(seen))).height == 0
    assert known.filter(pl.col("readmitted_30d_recorded") != pl.col("encounter_id").is_in(list(same))).height == 0
    assert known.height > 0.9 * stays.height


def test_blood_is_not_taken_more_often_before_a_diagnosis_than_without_one(made) -> None:
    """What is recorded before the onset must not tell that somebody later gets the condition."""
    onset = made["conditions"].filter(pl.col("condition") == "diabetes_type_2").select("person_id", "onset_date")
    glucose = made["lab_results"].filter(pl.col("analysis") == "hba1c").join(onset, on="person_id", how="left")
    samples = made["lab_results"].filter(pl.col("analysis") == "creatinine").join(onset, on="person_id", how="left")
    before = pl.col("taken_at").dt.date() < pl.col("onset_date")
    share_before = glucose.filter(before).height / samples.filter(before).height
    share_never = (
        glucose.filter(pl.col("onset_date").is_null()).height / samples.filter(pl.col("onset_date").is_null()).height
    )
    assert share_before < 1.25 * share_never


def test_results_follow_disease_and_treatment(folder) -> None:
    table = describe.laboratory(folder).set_index("analysis")
    with_, without = table["median with"], table["median without"]
    assert with_["Haemoglobin A1c, mmol/mol"] >= 48 > without["Haemoglobin A1c, mmol/mol"]
    assert with_["Creatinine, µmol/L"] > 1.4 * without["Creatinine, µmol/L"]
    assert with_["NT-proBNP, ng/L"] > 5 * without["NT-proBNP, ng/L"]
    assert with_["LDL cholesterol, mmol/L"] < 0.8 * without["LDL cholesterol, mmol/L"]


def test_only_services_with_a_device_send_events_while_they_last(made) -> None:
    events = made["welfare_events"].join(made["municipal_services"], on=["person_id", "service"], how="left")
    assert events["start_date"].null_count() == 0
    assert events.filter(pl.col("at").dt.date() < pl.col("start_date")).height == 0


def test_generated_values_are_within_the_targets_tolerance(folder) -> None:
    table = describe.targets(folder)
    assert set(table["mark"]) <= set(describe.MARKS)
    assert list(table.loc[~table["within"], "meaning"]) == []


def test_prevalence_by_age_is_as_planned(folder) -> None:
    """Each count within five standard deviations of a binomial count."""
    table = describe.prevalence(folder)
    chance, n = table["planned"] / 100, table["persons"]
    allowed = 5 * np.sqrt(n * chance * (1 - chance)) + 1.5
    off = table[(table["generated"] / 100 * n - chance * n).abs() > allowed]
    assert off.empty, off.to_string()


def test_every_condition_and_reason_has_texts_and_codes() -> None:
    for name in ("conditions", "acute_reasons"):
        table = describe.reference(name)
        assert not table[["name_en", "name_nb", "icd10", "icpc2", "specialty"]].isna().any().any()


def test_outcomes_can_be_learned_but_not_fully_and_not_from_nothing(folder) -> None:
    """The declared range, widened by three standard errors of a finite population; chance within three of one half."""
    table = describe.learnability(folder)
    assert len(table) == 3
    for row in table.itertuples():
        error = row[-1]
        assert 0.70 - 3 * error <= row.auc <= 0.85 + 3 * error, row
        assert abs(row.shuffled - 0.5) <= max(
            0.02, 3 * describe.standard_error(0.5, row.rows * row.share / 100, row.rows)
        ), row


def test_hospitals_differ_and_the_bias_is_there(folder) -> None:
    hospitals = describe.hospitals(folder)
    assert hospitals["stays"].max() > 3 * hospitals["stays"].min()
    assert hospitals["readmitted, %"].max() > 1.3 * hospitals["readmitted, %"].min()
    needs, others = describe.bias(folder).itertuples(index=False)
    assert needs[2] < 0.9 * others[2], "fewer planned visits"
    assert needs[3] < 0.7 * others[3], "fewer conditions written down"
    assert needs[4] - needs[5] > 1.5 * (others[4] - others[5]), "more readmissions unseen"


def test_rare_conditions_make_some_persons_unique(folder) -> None:
    rare = describe.rare_conditions(folder)
    assert len(rare) >= 8 and rare["alone in the municipality"].sum() >= 5


def test_uniqueness_rises_with_every_attribute(folder) -> None:
    table = describe.uniqueness(folder)
    assert table["alone"].is_monotonic_increasing and table["alone"].iloc[-1] > 95


def test_waveforms_are_a_few_thousand_at_most_and_of_one_length() -> None:
    waves = make_population(30_000, 3, tables=("waveforms",))["waveforms"]
    assert 2_000 <= waves.height <= 5_000
    assert set(waves["samples"].list.len()) == {1000}
    assert set(waves["label"].cast(pl.String)) == {"sinus_rhythm", "atrial_fibrillation", "ischaemia", "wide_qrs"}
    assert waves["samples"].list.max().is_between(0.2, 5).all()
