"""FHIR R4 (4.0.1): one bundle a patient, one bundle a line (ndjson, gzip), in files of 5 000 patients.

Bundles stand on their own. Persons, personnel and organisations are named by the identifier systems of Norway;
personnel and organisations are logical references, so that no bundle needs a resource of another. Times are Norwegian
local times with their offset. Every resource is labelled as test health data (HTEST).

The resources follow the base specification. They use an identifier, an address extension and code systems as the
Norwegian base profiles do; conformance with those profiles is not claimed.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import polars as pl

from hipkit.datasets.exports.json_columns import code, maybe, number, text, to_json
from hipkit.datasets.exports.source import Source, reference
from hipkit.datasets.generator.block import REFERENCE_DATE
from hipkit.errors import KitError

BASE = "https://hipkit.example/fhir/"
# Patients of a file. Their text, some 20 kB a patient, is in memory together.
PATIENTS = 5_000
NEEDS = (
    "persons",
    "organisations",
    "conditions",
    "encounters",
    "diagnoses",
    "medications",
    "lab_results",
    "vital_signs",
)
TEST_DATA = {
    "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}],
}
V3_CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
# Kind of encounter -> code of its class in HL7's v3 ActCode.
CLASSES = {"inpatient": "IMP", "outpatient": "AMB", "emergency": "EMER", "gp": "AMB"}
CATEGORY = "http://terminology.hl7.org/CodeSystem/"


@lru_cache(maxsize=1)
def systems() -> dict[str, str]:
    """URI of each identifier and code system by its short name."""
    return dict(reference("code_systems").select("name", "uri").iter_rows())


def write(source: Source, folder: Path) -> None:
    """Write `bundles-0001.ndjson.gz`, and so on."""
    source.require(NEEDS, "The FHIR export")
    for block, (first, last) in enumerate(source.person_ranges(PATIENTS), start=1):
        # No quoting: each line is one JSON text, which holds no line break outside an escape.
        bundles(source, first, last).write_csv(
            folder / f"bundles-{block:04d}.ndjson.gz", include_header=False, quote_style="never", compression="gzip"
        )


def bundles(source: Source, first: int, last: int) -> pl.DataFrame:
    """One column of JSON texts: the bundles of the persons `first` to `last`, in order of `person_id`."""
    patients = _patients(source, first, last)
    parts = [pl.col("entry")]
    lines = patients
    for table, entries in RESOURCES.items():
        if table not in source.files:
            continue
        rows = source.of_persons(table, first, last)
        made = entries(source, rows).group_by("person_id", maintain_order=True).agg(pl.col("entry").str.join(","))
        lines = lines.join(made.rename({"entry": table}), on="person_id", how="left", maintain_order="left")
        parts.append(pl.concat_str([pl.lit(","), pl.col(table)]).fill_null(""))
    head = {
        "resourceType": "Bundle",
        "id": code(pl.concat_str([pl.lit("patient-"), "person_id"])),
        "meta": TEST_DATA,
        "type": "collection",
        "timestamp": f"{REFERENCE_DATE.isoformat()}T00:00:00+01:00",
        "entry": [pl.concat_str(parts)],
    }
    return lines.select(to_json(head))


def _entries(rows: pl.DataFrame, kind: str, key: str, members: dict) -> pl.DataFrame:
    """Columns `person_id` and `entry`: each row as a bundle entry with a resource of `kind` and id `key`.

    Raises KitError where a value is missing that the resource cannot do without.
    """
    resource = {"resourceType": kind, "id": code(key), "meta": TEST_DATA, **members}
    entry = {"fullUrl": code(pl.concat_str([pl.lit(f"{BASE}{kind}/"), key])), "resource": resource}
    made = rows.select("person_id", entry=to_json(entry))
    # A null here would be a resource that is silently left out.
    if faulty := made["entry"].null_count():
        raise KitError(f"{faulty} rows lack a value that a {kind} of FHIR needs. Run `hipkit data check`.")
    return made


def _patient() -> dict:
    return _to("Patient", "person_id")


def _to(kind: str, column: str) -> dict:
    """A reference to a resource of the same bundle."""
    return {"reference": code(pl.concat_str([pl.lit(f"{kind}/"), pl.col(column)]))}


def _named(kind: str, system: str, column: str) -> dict:
    """A logical reference to somebody outside the bundle."""
    return {"type": kind, "identifier": {"system": systems()[system], "value": code(column)}}


def _concept(*codings: tuple[str, str | pl.Expr], words: pl.Expr | None = None) -> dict:
    listed = [{"system": systems()[system], "code": code(column)} for system, column in codings]
    return {"coding": listed} if words is None else {"coding": listed, "text": words}


def _fixed(system: str, value: str) -> dict:
    return {"coding": [{"system": CATEGORY + system, "code": value}]}


def _when(column: str) -> pl.Expr:
    """Local time as a FHIR dateTime with the offset that Norway had."""
    local = pl.col(column).dt.cast_time_unit("ms")
    # An hour in March does not exist: it is read as the hour after it, as clocks do.
    zoned = local.dt.replace_time_zone("Europe/Oslo", ambiguous="earliest", non_existent="null")
    later = local.dt.offset_by("1h").dt.replace_time_zone("Europe/Oslo", ambiguous="earliest", non_existent="null")
    return code(pl.coalesce(zoned, later).dt.to_string("%Y-%m-%dT%H:%M:%S%:z"))


def _day(column: str | pl.Expr) -> pl.Expr:
    value = pl.col(column) if isinstance(column, str) else column
    return code(value.dt.to_string("%Y-%m-%d"))


def _in_words(column: str) -> pl.Expr:
    """A slug as words."""
    return code(pl.col(column).cast(pl.String).str.replace_all("_", " ", literal=True))


def _patients(source: Source, first: int, last: int) -> pl.DataFrame:
    persons = source.of_persons("persons", first, last)
    places = reference("municipalities").select("municipality_code", municipality="name")
    persons = persons.with_columns(
        pl.col("municipality_code").cast(pl.String),
        system=pl.col("id_type").cast(pl.String).replace_strict({k: systems()[k] for k in ("fnr", "dnr")}),
        gender=pl.col("sex").cast(pl.String).replace_strict({"F": "female", "M": "male"}),
        # Told only where it differs from the present name.
        maiden=pl.when(pl.col("birth_family_name").cast(pl.String) != pl.col("family_name").cast(pl.String)).then(
            pl.col("birth_family_name").cast(pl.String)
        ),
    ).join(places, on="municipality_code", how="left", maintain_order="left")
    hl7 = "http://hl7.org/fhir/StructureDefinition/"
    return _entries(
        persons,
        "Patient",
        "person_id",
        {
            "extension": [
                {
                    "url": f"{hl7}patient-interpreterRequired",
                    "valueBoolean": pl.col("interpreter_needed").cast(pl.String),
                }
            ],
            "identifier": [{"use": "official", "system": code("system"), "value": code("national_id")}],
            "name": [
                {"use": "official", "family": text("family_name"), "given": [text("given_name")]},
                maybe({"use": "maiden", "family": text("maiden")}),
            ],
            "gender": code("gender"),
            "birthDate": _day("birth_date"),
            "deceasedDateTime": maybe(_day("death_date")),
            "address": [
                {
                    "use": "home",
                    "line": [text("street_address")],
                    "city": text("place"),
                    "district": maybe(text("municipality")),
                    "_district": {
                        "extension": [
                            {
                                "url": "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode",
                                "valueCoding": {
                                    "system": systems()["municipality"],
                                    "code": code("municipality_code"),
                                },
                            }
                        ]
                    },
                    "postalCode": code("postcode"),
                    "country": "NO",
                }
            ],
            "generalPractitioner": [_named("Practitioner", "hpr", "gp_hpr")],
            "telecom": maybe(_telecom(persons)),
        },
    )


def _telecom(persons: pl.DataFrame) -> pl.Expr:
    """A list of what there is of phone and mail address; null where there is neither."""
    phone = to_json({"system": "phone", "value": code("phone"), "use": "mobile"})
    mail = to_json({"system": "email", "value": text("email")})
    both = pl.concat_str([phone, mail], separator=",", ignore_nulls=True)
    return pl.when(pl.any_horizontal(pl.col("phone", "email").is_not_null())).then(to_json([both]))


def _conditions(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(
        id=pl.concat_str(["person_id", pl.lit("-"), pl.col("condition").cast(pl.String).str.replace_all("_", "-")])
    )
    return _entries(
        rows,
        "Condition",
        "id",
        {
            "clinicalStatus": _fixed("condition-clinical", "active"),
            "verificationStatus": _fixed("condition-ver-status", "confirmed"),
            "category": [_fixed("condition-category", "problem-list-item")],
            "code": _concept(("icd10", "icd10"), ("icpc2", "icpc2"), words=_in_words("condition")),
            "subject": _patient(),
            "onsetDateTime": _day("onset_date"),
        },
    )


def _encounters(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    numbers = source.whole("organisations").select("organisation_id", "org_number")
    rows = rows.join(numbers, on="organisation_id", how="left", maintain_order="left").with_columns(
        act=pl.col("kind").cast(pl.String).replace_strict(CLASSES)
    )
    return _entries(
        rows,
        "Encounter",
        "encounter_id",
        {
            "status": "finished",
            "class": {"system": V3_CLASS, "code": code("act")},
            "serviceType": {"text": _in_words("specialty")},
            "priority": {"text": _in_words("urgency")},
            "subject": _patient(),
            "period": {"start": _when("start"), "end": _when("end")},
            "hospitalization": maybe({"dischargeDisposition": {"text": _in_words("discharged_to")}}),
            "serviceProvider": _named("Organization", "org_number", "org_number"),
        },
    )


def _diagnoses(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    uris = {name: systems()[name] for name in ("icd10", "icpc2")}
    rows = rows.with_columns(uri=pl.col("system").cast(pl.String).replace_strict(uris))
    return _entries(
        rows,
        "Condition",
        "diagnosis_id",
        {
            "clinicalStatus": _fixed("condition-clinical", "active"),
            "verificationStatus": _fixed("condition-ver-status", "confirmed"),
            "category": [_fixed("condition-category", "encounter-diagnosis")],
            "code": {"coding": [{"system": code("uri"), "code": code("code")}]},
            "subject": _patient(),
            "encounter": _to("Encounter", "encounter_id"),
            "recordedDate": _day("recorded"),
        },
    )


def _medications(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    ended = pl.col("end_date").is_not_null() & (pl.col("end_date") < REFERENCE_DATE)
    rows = rows.with_columns(status=pl.when(ended).then(pl.lit("completed")).otherwise(pl.lit("active")))
    return _entries(
        rows,
        "MedicationRequest",
        "prescription_id",
        {
            "status": code("status"),
            "intent": "order",
            "medicationCodeableConcept": _concept(("atc", "atc")),
            "subject": _patient(),
            "authoredOn": _day("start_date"),
            "requester": _named("Practitioner", "hpr", "prescriber_hpr"),
            "reasonCode": maybe([{"text": _in_words("condition")}]),
            "dosageInstruction": [{"text": text("dose_text")}],
            "dispenseRequest": {"validityPeriod": {"start": _day("start_date"), "end": maybe(_day("end_date"))}},
        },
    )


def _quantity(value: pl.Expr, unit: str = "unit", ucum: str = "ucum") -> dict:
    return {"value": value, "unit": code(unit), "system": systems()["ucum"], "code": code(ucum)}


def _lab_results(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    units = reference("units").select("unit", "ucum")
    rows = rows.with_columns(pl.col("unit").cast(pl.String)).join(units, on="unit", how="left", maintain_order="left")
    low, high = number("ref_low", 3), number("ref_high", 3)
    unknown = pl.when(pl.col("value").is_null()).then(pl.lit("unknown"))
    return _entries(
        rows,
        "Observation",
        "result_id",
        {
            "status": "final",
            "category": [_fixed("observation-category", "laboratory")],
            "code": _concept(("nlk", "nlk"), ("loinc", "loinc"), words=_in_words("analysis")),
            "subject": _patient(),
            "encounter": maybe(_to("Encounter", "encounter_id")),
            "effectiveDateTime": _when("taken_at"),
            "valueQuantity": maybe(_quantity(number("value", 3))),
            "dataAbsentReason": maybe({"coding": [{"system": f"{CATEGORY}data-absent-reason", "code": code(unknown)}]}),
            "referenceRange": maybe([{"low": _quantity(low), "high": _quantity(high)}]),
        },
    )


def _vital_signs(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    """Blood pressure as one observation of two components, every other measurement as an observation of its own."""
    units = dict(reference("units").select("unit", "ucum").iter_rows())
    signs = {row["column"]: row for row in reference("vital_codes").iter_rows(named=True)}

    def code_of(loinc: str, name: str) -> dict:
        return {"coding": [{"system": systems()["loinc"], "code": loinc}], "text": name}

    def quantity(column: str) -> dict:
        unit = signs[column]["unit"]
        value = number(column, None if rows.schema[column].is_integer() else 1)
        return {"value": value, "unit": unit, "system": systems()["ucum"], "code": units[unit]}

    def component(column: str) -> dict:
        return {"code": code_of(signs[column]["loinc"], signs[column]["name_en"]), "valueQuantity": quantity(column)}

    def observations(measured: pl.DataFrame, name: str, members: dict) -> pl.DataFrame:
        common = {
            "status": "final",
            "category": [_fixed("observation-category", "vital-signs")],
            "subject": _patient(),
            "encounter": maybe(_to("Encounter", "encounter_id")),
            "effectiveDateTime": _when("measured_at"),
        }
        slug = name.replace("_", "-")
        named = measured.with_columns(id=pl.concat_str(["vital_id", pl.lit(f"-{slug}")]))
        return _entries(named, "Observation", "id", common | members)

    pressure = rows.filter(pl.col("systolic").is_not_null() & pl.col("diastolic").is_not_null())
    panel = {
        "code": code_of("85354-9", "Blood pressure"),
        "component": [component("systolic"), component("diastolic")],
    }
    made = [observations(pressure, "blood_pressure", panel)]
    for column, sign in signs.items():
        if column not in ("systolic", "diastolic"):
            single = {"code": code_of(sign["loinc"], sign["name_en"]), "valueQuantity": quantity(column)}
            made.append(observations(rows.filter(pl.col(column).is_not_null()), column, single))
    return pl.concat(made).sort("person_id", maintain_order=True)


def _consents(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(
        effect=pl.col("decision").cast(pl.String).replace_strict({"opt_in": "permit", "opt_out": "deny"}),
        status=pl.when(pl.col("valid_to") < REFERENCE_DATE).then(pl.lit("inactive")).otherwise(pl.lit("active")),
    )
    scope = {"coding": [{"system": f"{CATEGORY}consentscope", "code": "patient-privacy"}]}
    return _entries(
        rows,
        "Consent",
        "consent_id",
        {
            "status": code("status"),
            "scope": scope,
            "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}], "text": _in_words("scope")}],
            "patient": _patient(),
            "dateTime": _day("valid_from"),
            "policyRule": {"text": "Invented for practice"},
            "provision": {
                "type": code("effect"),
                "period": {"start": _day("valid_from"), "end": maybe(_day("valid_to"))},
            },
        },
    )


def _notes(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    # FHIR carries text in an attachment as base64.
    rows = rows.with_columns(data=pl.col("text").cast(pl.Binary).bin.encode("base64"))
    return _entries(
        rows,
        "DocumentReference",
        "note_id",
        {
            "status": "current",
            "type": {"text": _in_words("kind")},
            "subject": _patient(),
            "date": _when("written_at"),
            "author": [_named("Practitioner", "hpr", "author_hpr")],
            "content": [
                {
                    "attachment": {
                        "contentType": "text/plain; charset=utf-8",
                        "language": code("language"),
                        "data": code("data"),
                    }
                }
            ],
            "context": maybe({"encounter": [_to("Encounter", "encounter_id")]}),
        },
    )


# Table -> the entries that its rows become. Patients come from the table persons, first in each bundle.
RESOURCES: dict[str, Callable[[Source, pl.DataFrame], pl.DataFrame]] = {
    "conditions": _conditions,
    "encounters": _encounters,
    "diagnoses": _diagnoses,
    "medications": _medications,
    "lab_results": _lab_results,
    "vital_signs": _vital_signs,
    "notes": _notes,
    "consents": _consents,
}
