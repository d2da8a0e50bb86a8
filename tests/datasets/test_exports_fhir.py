"""The FHIR export of the sample, judged by HL7's own JSON schema and by fhir.resources, and compared with the tables.

Every bundle of another population, "course" or a folder:
HIPKIT_FHIR_POPULATION=course .venv/bin/python -m pytest tests/datasets/test_exports_fhir.py -k every_bundle
"""

import base64
import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import jsonschema_rs
import polars as pl
import pytest

from hipkit.datasets import exports
from hipkit.datasets.exports.json_columns import code, maybe, number, text, to_json
from hipkit.datasets.exports.source import open_source

POPULATION = os.environ.get("HIPKIT_FHIR_POPULATION", "sample")
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR = "urn:oid:2.16.578.1.12.4.1.4.2"
HPR = "urn:oid:2.16.578.1.12.4.1.4.4"
ORG = "urn:oid:2.16.578.1.12.4.1.4.101"
# HL7's schema comes as a Node package: one folder of Node packages, so one worker.


@pytest.fixture(scope="module")
def population() -> Path:
    return open_source(POPULATION).folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("exports")
    exports.export(POPULATION, out, ["fhir"])
    return out / "fhir"


def read(folder: Path) -> Iterator[dict]:
    for file in sorted(folder.glob("bundles-*.ndjson.gz")):
        with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
            yield from map(json.loads, lines)


@pytest.fixture(scope="module")
def bundles(exported) -> list[dict]:
    return list(read(exported))


@pytest.fixture(scope="module")
def judge(hl7_schema) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(hl7_schema)


@pytest.fixture(scope="module")
def strict_judge(strict_hl7_schema) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(strict_hl7_schema)


def resources(bundle: dict, kind: str) -> list[dict]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def test_every_bundle_is_valid_against_hl7s_schema(judge, strict_judge, exported) -> None:
    persons = 0
    for bundle in read(exported):
        persons += 1
        for valid in (judge.is_valid, strict_judge.is_valid):
            if not valid(bundle):
                faulty = [entry["resource"] for entry in bundle["entry"] if not valid(entry["resource"])]
                pytest.fail(f"{bundle['id']}: {json.dumps(faulty[:1])[:800]}")
    assert persons == open_source(POPULATION).rows("persons")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda patient: patient.update(gender="kvinne"),
        lambda patient: patient.update(birthDate="01.02.1990"),
        lambda patient: patient.update(favouriteColour="blue"),
        lambda patient: patient.update(deceasedDateTime=None),
        lambda patient: patient.update(name="Kari"),
    ],
    ids=["code", "date", "unknown", "null", "list"],
)
def test_hl7s_schema_would_notice(judge, bundles, spoil) -> None:
    bundle = json.loads(json.dumps(bundles[0]))
    assert judge.is_valid(bundle)
    spoil(bundle["entry"][0]["resource"])
    assert not judge.is_valid(bundle)


def test_a_member_of_a_wrong_type_is_noticed_wherever_it_stands(strict_judge, bundles) -> None:
    kinds = set()
    for bundle in sorted(bundles, key=lambda bundle: -len(bundle["entry"]))[:2]:
        for entry in bundle["entry"]:
            resource = entry["resource"]
            kinds.add(resource["resourceType"])
            for member, value in resource.items():
                resource[member] = 1.5
                assert not strict_judge.is_valid(bundle), (resource["resourceType"], member)
                resource[member] = value
        assert strict_judge.is_valid(bundle)
    assert {"Patient", "Encounter", "Condition", "MedicationRequest", "Observation"} <= kinds


def test_a_sample_passes_fhir_resources(bundles) -> None:
    # The package has R4B (4.3) and no R4: for the resources used here the two agree.
    from fhir.resources.R4B.bundle import Bundle

    for bundle in bundles[:: max(1, len(bundles) // 40)]:
        read = Bundle.model_validate(bundle)
        assert read.entry[0].resource.birthDate.isoformat() == bundle["entry"][0]["resource"]["birthDate"]


def test_one_bundle_a_patient_with_every_row_of_the_tables(population, bundles) -> None:
    rows = {file.stem: pl.read_parquet(file) for file in population.glob("*.parquet")}
    signs = ["heart_rate", "respiratory_rate", "temperature", "spo2", "height", "weight"]
    vitals = rows["vital_signs"]
    measured = sum(vitals[name].count() for name in signs)
    pressures = vitals.filter(pl.col("systolic").is_not_null() & pl.col("diastolic").is_not_null()).height
    wanted = {
        "Patient": rows["persons"].height,
        "Encounter": rows["encounters"].height,
        "Condition": rows["diagnoses"].height + rows["conditions"].height,
        "MedicationRequest": rows["medications"].height,
        "Observation": rows["lab_results"].height + measured + pressures,
        "DocumentReference": rows["notes"].height,
        "Consent": rows["consents"].height,
    }
    assert Counter(e["resource"]["resourceType"] for b in bundles for e in b["entry"]) == wanted
    assert [b["entry"][0]["resource"]["id"] for b in bundles] == rows["persons"]["person_id"].cast(pl.String).to_list()


def test_patients_carry_their_identity_under_norwegian_systems(population, bundles) -> None:
    persons = pl.read_parquet(population / "persons.parquet")
    for bundle, person in zip(bundles, persons.iter_rows(named=True), strict=True):
        patient = bundle["entry"][0]["resource"]
        (identifier,) = patient["identifier"]
        assert identifier["value"] == person["national_id"]
        assert identifier["system"] == {"fnr": FNR, "dnr": DNR}[person["id_type"]]
        assert patient["gender"] == {"F": "female", "M": "male"}[person["sex"]]
        assert patient["birthDate"] == person["birth_date"].isoformat()
        assert patient.get("deceasedDateTime") == (person["death_date"] and person["death_date"].isoformat())
        assert patient["name"][0]["family"] == person["family_name"]
        (address,) = patient["address"]
        assert address["postalCode"] == person["postcode"] and len(address["postalCode"]) == 4
        assert address["_district"]["extension"][0]["valueCoding"]["code"] == person["municipality_code"]
        contacts = {point["system"]: point["value"] for point in patient.get("telecom", [])}
        assert contacts == {
            kind: value for kind, value in (("phone", person["phone"]), ("email", person["email"])) if value
        }
        assert patient["generalPractitioner"][0]["identifier"] == {"system": HPR, "value": str(person["gp_hpr"])}


def test_references_resolve_within_the_bundle_and_urls_and_ids_are_unique(bundles) -> None:
    def references(value: object):
        if isinstance(value, dict):
            yield from [value["reference"]] if "reference" in value else []
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    seen = set()
    for bundle in bundles:
        urls = [entry["fullUrl"] for entry in bundle["entry"]]
        assert len(set(urls)) == len(urls) and seen.isdisjoint(urls)
        seen.update(urls)
        here = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in bundle["entry"]}
        assert set(references(bundle)) <= here


def test_encounters_name_the_organisation_and_have_the_offset_of_norway(population, bundles) -> None:
    encounters = pl.read_parquet(population / "encounters.parquet")
    numbers = dict(
        pl.read_parquet(population / "organisations.parquet").select("organisation_id", "org_number").iter_rows()
    )
    made = {int(r["id"]): r for b in bundles for r in resources(b, "Encounter")}
    offsets = set()
    for row in encounters.iter_rows(named=True):
        resource = made[row["encounter_id"]]
        provider = resource["serviceProvider"]["identifier"]
        assert provider == {"system": ORG, "value": numbers[row["organisation_id"]]}
        start = datetime.fromisoformat(resource["period"]["start"])
        offsets.add((start.month, start.utcoffset().total_seconds()))
        # An hour in March does not exist and is told as the next one.
        assert abs((start.replace(tzinfo=None) - row["start"]).total_seconds()) in (0, 3600)
    assert {seconds for month, seconds in offsets if month in (1, 2, 11, 12)} <= {3600}
    assert {seconds for month, seconds in offsets if 4 <= month <= 9} <= {7200}


def test_measurements_keep_value_unit_and_absence(population, bundles) -> None:
    results = pl.read_parquet(population / "lab_results.parquet")
    kept = {
        r["id"]: r
        for b in bundles
        for r in resources(b, "Observation")
        if r["category"][0]["coding"][0]["code"] == "laboratory"
    }
    assert len(kept) == results.height
    for row in results.iter_rows(named=True):
        resource = kept[str(row["result_id"])]
        assert ("valueQuantity" in resource) == (row["value"] is not None)
        assert ("dataAbsentReason" in resource) == (row["value"] is None)
        if row["value"] is not None:
            assert resource["valueQuantity"]["value"] == pytest.approx(row["value"], abs=5e-4)
            assert resource["valueQuantity"]["unit"] == row["unit"]
        assert {coding["code"] for coding in resource["code"]["coding"]} == {row["nlk"], row["loinc"]}


def test_the_text_of_notes_comes_back(population, bundles) -> None:
    notes = dict(pl.read_parquet(population / "notes.parquet").select("note_id", "text").iter_rows())
    found = {
        int(r["id"]): base64.b64decode(r["content"][0]["attachment"]["data"]).decode("utf-8")
        for b in bundles
        for r in resources(b, "DocumentReference")
    }
    assert found == notes


# --- JSON from columns ---


def test_json_from_columns_is_what_json_dumps_would_write() -> None:
    rows = [
        {"name": 'Bjørn "Bamse" \\ Åsen\n\tÆ\u0001', "slug": "a-b", "size": 1.25, "count": 3},
        {"name": "O'Hara", "slug": None, "size": None, "count": None},
    ]
    pattern = {
        "kind": "test",
        "name": text("name"),
        "slug": maybe(code("slug")),
        "list": [1, maybe({"size": number("size", 2), "unit": "kg"}), number(pl.lit(7))],
        "inner": maybe({"count": number("count")}),
    }
    made = pl.DataFrame(rows).select(to_json(pattern)).to_series().to_list()
    assert [json.loads(line) for line in made] == [
        {"kind": "test", "name": rows[0]["name"], "slug": "a-b", "list": [1, {"size": 1.25, "unit": "kg"}, 7],
         "inner": {"count": 3}},
        {"kind": "test", "name": "O'Hara", "list": [1, 7]},
    ]  # fmt: skip


def test_a_required_null_makes_the_whole_text_null_and_numbers_that_json_lacks_are_null() -> None:
    rows = pl.DataFrame({"a": [1.0, None, float("nan"), float("inf")]})
    assert rows.select(to_json({"a": number("a", 1)})).to_series().to_list() == ['{"a":1.0}', None, None, None]


def test_a_maybe_cannot_come_first() -> None:
    with pytest.raises(ValueError, match="first member"):
        to_json({"a": maybe(text("a"))})
