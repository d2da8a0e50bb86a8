"""Notes, access log, consents, shipments, registers and the attacker's knowledge: safe, labelled, at declared rates."""

import tomllib
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from hipkit.datasets import make_population, scanner
from hipkit.datasets.generator import notes as notes_module
from hipkit.datasets.generator import patient_records
from hipkit.errors import KitError
from hipkit.paths import DATASETS

N = 26_000  # a full block and a small one
SEED = 11
TABLES = (
    "organisations",
    "personnel",
    "persons",
    "conditions",
    "encounters",
    "municipal_services",
    "notes",
    "note_spans",
    "access_log",
    "consents",
    "shipments",
    "patient_records",
    "auxiliary",
)
MINE = TABLES[6:]


@pytest.fixture(scope="module")
def made() -> dict[str, pl.DataFrame]:
    return make_population(N, SEED, tables=TABLES)


def planning(name: str) -> dict:
    return tomllib.loads((DATASETS / "reference" / f"{name}.toml").read_text(encoding="utf-8"))


def share_is(count: int, total: int, expected: float) -> bool:
    """Is a share of `total` trials within five standard deviations of what was declared?"""
    return abs(count - total * expected) <= 5 * np.sqrt(total * expected * (1 - expected)) + 1


# --- all tables


@pytest.mark.parametrize("table", MINE)
def test_keys_are_unique_and_persons_exist(made, table) -> None:
    frame = made[table]
    key = ["note_id", "start"] if table == "note_spans" else [frame.columns[0]]
    assert frame.height and not frame.select(key).is_duplicated().any()
    if "person_id" in frame.columns:
        assert frame["person_id"].is_between(1, N).all()


@pytest.mark.parametrize("table", MINE)
def test_no_identifier_could_be_somebodys(made, table) -> None:
    for name, dtype in made[table].schema.items():
        if dtype == pl.String:
            found = scanner.scan_text("\n".join(made[table][name].drop_nulls()))
            assert not found, f"{table}.{name}: {found[:3]}"


# --- notes


def test_there_are_enough_independent_templates_and_held_out_ones() -> None:
    every, _ = notes_module.templates()
    assert len(every) >= 40 and len({t.id for t in every}) == len(every)
    for language in ("nb", "en"):
        assert sum(t.language == language for t in every) >= 20
        assert sum(t.language == language and t.split == "heldout" for t in every) >= 5
    assert len({t.kind for t in every}) >= 15


def test_templates_share_no_sentence() -> None:
    every, _ = notes_module.templates()

    def runs(parts, found: set[str]) -> set[str]:
        for part in parts:
            if isinstance(part, str):
                words = part.split()
                found.update(" ".join(words[i : i + 8]) for i in range(len(words) - 7))
            elif part[0] == "choice":
                for choice in part[1]:
                    runs(choice, found)
        return found

    seen: dict[str, str] = {}
    for template in every:
        for run in runs(template.parts, set()):
            assert seen.setdefault(run, template.id) == template.id, f"{run!r} in {seen[run]} and {template.id}"


def test_the_declared_number_of_notes_is_written_from_all_templates(made) -> None:
    every, _ = notes_module.templates()
    assert made["notes"].height == notes_module.quota(N) == 2000
    assert set(made["notes"]["template_id"].cast(pl.String)) == {t.id for t in every}
    assert [notes_module.quota(n) for n in (1, 300, 1_000, 20_000, 1_000_000)] == [1, 300, 400, 2000, 12_500]


def test_spans_hold_exactly_what_they_label(made) -> None:
    spans = made["note_spans"].join(made["notes"].select("note_id", full="text"), on="note_id")
    assert spans.height == made["note_spans"].height
    for start, end, text, full in spans.select("start", "end", "text", "full").iter_rows():
        assert full[start:end] == text and text.strip() == text and text
    for _, group in spans.sort("note_id", "start").group_by("note_id", maintain_order=True):
        assert all(a <= b for a, b in pairwise(group.select("end", "start").rows()) for a, b in [(a[0], b[1])])


def test_every_identifier_of_the_patient_in_a_note_is_labelled(made) -> None:
    """What is left of a note when its spans are blanked holds no trace of the patient."""
    columns = ["person_id", "national_id", "given_name", "family_name", "phone", "email", "street_address", "postcode"]
    rows = made["notes"].join(made["persons"].select(columns), on="person_id")
    spans = {key[0]: group for key, group in made["note_spans"].group_by("note_id")}
    for row in rows.iter_rows(named=True):
        text = row["text"]
        found = spans[row["note_id"]] if row["note_id"] in spans else made["note_spans"].clear()
        for start, end in found.select("start", "end").iter_rows():
            text = text[:start] + "\0" * (end - start) + text[end:]
        # Names of scales stay: they are traps for those who look for names.
        text = text.replace("Berg ", "").replace("Barthel ", "")
        words = set(text.replace(",", " ").replace(".", " ").replace(":", " ").split())
        for column in columns[1:]:
            value = row[column]
            assert value is None or (value not in words and f" {value} " not in text), (row["template_id"], column)
        assert not any(word.isdigit() and len(word) >= 5 for word in words), row["template_id"]
        assert "@" not in text


def test_every_label_occurs_in_both_languages_and_splits(made) -> None:
    labels = made["note_spans"].join(made["notes"].select("note_id", "language", "split"), on="note_id")
    counted = labels.group_by("label", "language", "split").len()
    assert counted.height == 10 * 2 * 2 and counted["len"].min() >= 10


def test_split_follows_the_template(made) -> None:
    every, _ = notes_module.templates()
    split = {t.id: t.split for t in every}
    rows = made["notes"].select(pl.col("template_id").cast(pl.String), pl.col("split").cast(pl.String)).iter_rows()
    assert all(split[template] == part for template, part in rows)


def test_notes_agree_with_contacts_and_staff(made) -> None:
    linked = made["notes"].drop_nulls("encounter_id").join(made["encounters"], on="encounter_id", suffix="_of")
    assert linked.height == made["notes"]["encounter_id"].count() > N / 50
    assert (linked["person_id"] == linked["person_id_of"]).all()
    assert (linked["written_at"].dt.date() >= linked["start"].dt.date()).all()
    assert (linked["written_at"].dt.date() <= linked["end"].dt.date().dt.offset_by("1d")).all()
    assert made["notes"]["author_hpr"].is_in(made["personnel"]["hpr_number"].implode()).all()


@pytest.mark.parametrize("text", ["{nobody}", "{name", "{#1}", "{=a|{nobody}}"])
def test_a_broken_template_is_refused(text) -> None:
    with pytest.raises(ValueError, match=r"placeholder|range|closed"):
        notes_module.parse(text)


def test_a_broken_template_file_is_named(tmp_path, monkeypatch) -> None:
    file = tmp_path / "note_templates.toml"
    file.write_text(notes_module.TEMPLATES.read_text(encoding="utf-8").replace("{birth_date}", "{birthday}"))
    monkeypatch.setattr(notes_module, "TEMPLATES", file)
    notes_module.templates.cache_clear()
    with pytest.raises(KitError, match=r"nb-admission-1.*birthday"):
        notes_module.templates()
    notes_module.templates.cache_clear()


# --- access log


def test_the_log_is_in_order_and_in_its_window(made) -> None:
    for rows in (made["access_log"].filter(pl.col("person_id") <= 25_000), made["access_log"].tail(100)):
        assert rows["at"].is_sorted()
    assert made["access_log"]["at"].dt.year().unique().to_list() == [2025]
    assert made["access_log"]["at"].dt.month().min() == 7
    assert 2 <= made["access_log"].height / N <= 5


def test_role_and_organisation_are_those_of_the_member_of_staff(made) -> None:
    joined = made["access_log"].join(made["personnel"], on="hpr_number", how="left")
    assert (joined["role"] == joined["profession"]).all()
    assert (joined["organisation_id"] == joined["organisation_id_right"]).all()


def test_snooping_is_rare_labelled_and_of_every_kind(made) -> None:
    log = made["access_log"]
    snooping = log.filter("snooping")
    assert 0.001 <= snooping.height / log.height <= 0.01
    assert (log["snooping_kind"].is_not_null() == log["snooping"]).all()
    assert set(snooping["snooping_kind"].cast(pl.String)) == set(planning("access")["snooping"])
    assert "write" not in set(snooping["action"].cast(pl.String))


def test_no_single_rule_finds_the_snoopers(made) -> None:
    """Lawful openings without a relation, at night or by emergency access outnumber the snooping ones."""
    log = made["access_log"].with_columns(night=~pl.col("at").dt.hour().is_between(6, 21))
    for suspicious in (~pl.col("care_relation"), pl.col("break_glass"), pl.col("night")):
        rows = log.filter(suspicious)
        assert 0 < rows["snooping"].sum() < rows.height / 2
    # And yet there is something to learn: relations are much rarer among the snoopers.
    relation = log.group_by("snooping").agg(pl.col("care_relation").mean()).sort("snooping")["care_relation"]
    assert relation[0] > 0.9 and 0.05 < relation[1] < 0.5


def test_kinds_of_snooping_look_as_they_are_described(made) -> None:
    snooping = made["access_log"].filter("snooping").with_columns(pl.col("snooping_kind").cast(pl.String))
    rows = snooping.join(made["persons"], on="person_id").join(made["personnel"], on="hpr_number", suffix="_staff")
    names = rows.filter(pl.col("snooping_kind").is_in(["household", "same_surname"]))
    assert (names["family_name"] == names["family_name_staff"]).all()
    here = names["municipality_code"] == names["municipality_code_staff"]
    assert (here == (names["snooping_kind"] == "household")).all()
    assert rows.filter(pl.col("snooping_kind") == "vip")["vip"].all()
    night = rows.filter(pl.col("snooping_kind") == "curiosity_night")["at"].dt.hour()
    assert (night.is_between(0, 2) | (night == 23)).all()


# --- consents and shipments


def test_consents_have_the_declared_shares_and_are_not_random(made) -> None:
    consents, plan = made["consents"], planning("sharing")
    adults = made["persons"].filter(pl.col("birth_date").dt.year() < 2006).height
    for scope, rates in plan["consents"].items():
        rows = consents.filter(pl.col("scope") == scope)
        assert rows["decision"].cast(pl.String).unique().to_list() == [rates["decision"]]
        assert rates["share"] * adults * 0.75 <= rows.height <= rates["share"] * N * 1.25
    hidden = made["conditions"].filter(pl.col("condition").cast(pl.String).is_in(plan["sensitive"]["conditions"]))
    out = consents.filter(pl.col("scope") == "secondary_use")["person_id"]
    affected = made["persons"]["person_id"].is_in(hidden["person_id"].implode())
    opted = made["persons"]["person_id"].is_in(out.implode())
    assert opted.filter(affected).mean() > 1.5 * opted.filter(~affected).mean()
    ended = consents.drop_nulls("valid_to")
    assert ended.height and (ended["valid_to"] > ended["valid_from"]).all()


def test_deviations_show_in_the_other_columns_of_a_shipment() -> None:
    shipments = make_population(150_000, 5, tables=("shipments",))["shipments"]
    deviations = planning("sharing")["shipments"]["deviations"]
    assert (shipments["encrypted"] == shipments["deviation"].ne_missing("sent_unencrypted")).all()
    assert (shipments["legal_basis"].is_null() == shipments["deviation"].eq_missing("legal_basis_missing")).all()
    for name in set(deviations) - {"direct_identifiers_left"}:
        assert share_is(shipments["deviation"].eq_missing(name).sum(), shipments.height, deviations[name])
    left = shipments.filter(pl.col("deviation") == "direct_identifiers_left")
    assert left.height and not left["purpose"].is_in(["referral", "discharge_summary"]).any()
    assert (shipments["sender_id"] != shipments["recipient_id"]).all()
    assert (shipments["n_records"] >= shipments["n_persons"]).all()


# --- registers with errors


def test_wrong_numbers_fail_both_rules_and_stay_synthetic() -> None:
    numbers = make_population(20_000, 3, tables=("persons",))["persons"]["national_id"].to_list()
    digits = scanner.as_digits(numbers)
    for swap in (True, False):
        wrong = patient_records.wrong_numbers(np.random.default_rng(1), digits, np.full(len(digits), swap))
        assert not scanner.passes_control(wrong).any() and not scanner.is_forbidden(wrong).any()
        np.testing.assert_array_equal(wrong[:, :6], digits[:, :6])
        changed = (wrong != digits).sum(axis=1)
        assert changed.min() >= 1 and changed.max() <= 2
        if swap:
            same_digits = (np.sort(wrong, axis=1) == np.sort(digits, axis=1)).all(axis=1)
            assert same_digits.mean() > 0.99
        else:
            assert (changed == 1).all()


def test_errors_have_the_declared_rates_and_are_errors(made) -> None:
    records = made["patient_records"]
    plan = planning("errors")
    first = records.filter(~pl.col("error_kind").cast(pl.String).str.starts_with("duplicate").fill_null(False))
    for kind, rate in plan["record_errors"].items():
        assert share_is(first["error_kind"].eq_missing(kind).sum(), first.height, rate), kind
    truth = made["persons"].select(
        "person_id",
        "birth_family_name",
        *(
            pl.col(c).name.suffix("_true")
            for c in ("national_id", "given_name", "family_name", "birth_date", "postcode")
        ),
        street_true="street_address",
    )
    rows = records.join(truth, on="person_id").with_columns(pl.col("error_kind").cast(pl.String).fill_null("none"))
    same = rows.select(
        "error_kind",
        number=pl.col("national_id").eq_missing(pl.col("national_id_true")),
        name=(pl.col("given_name") == pl.col("given_name_true").cast(pl.String))
        & (pl.col("family_name") == pl.col("family_name_true").cast(pl.String)),
        birth=pl.col("birth_date") == pl.col("birth_date_true"),
        address=pl.col("street_address") == pl.col("street_true"),
    )
    wrong_column = {
        "swapped_digits": "number",
        "wrong_digit": "number",
        "missing_national_id": "number",
        "wrong_birth_date": "birth",
        "misspelt_name": "name",
        "old_address": "address",
        "duplicate_old_name": "name",
        "duplicate": "number",
    }
    for kind, group in same.group_by("error_kind"):
        for column in ("number", "name", "birth", "address"):
            expected = wrong_column.get(kind[0]) != column
            assert (group[column] == expected).all(), (kind, column)
    assert set(rows["error_kind"]) == {"none", *wrong_column}
    old = rows.filter(pl.col("error_kind") == "duplicate_old_name")
    assert (old["family_name"] == old["birth_family_name"].cast(pl.String)).all()


def test_the_registers_overlap_and_their_numbering_tells_nothing(made) -> None:
    records = made["patient_records"]
    in_hospital = set(records.filter(pl.col("organisation_id") <= 3)["person_id"])
    in_town = set(records.filter(pl.col("organisation_id") > 100)["person_id"])
    assert min(len(in_hospital & in_town), len(in_hospital - in_town), len(in_town - in_hospital)) > N / 20
    block = records.filter(pl.col("person_id") <= 25_000)
    assert abs(np.corrcoef(block["record_id"], block["person_id"])[0, 1]) < 0.05


# --- the attacker


def test_the_attackers_items_come_from_contacts_and_help(made) -> None:
    items = made["auxiliary"].with_columns(pl.col("event").cast(pl.String))
    contacts = made["encounters"].select(
        "person_id", pl.col("kind").cast(pl.String), event_date=pl.col("start").dt.date()
    )
    for event, kind in (("taken to hospital after an accident", "emergency"), ("daily training stops", "inpatient")):
        rows = items.filter(pl.col("event") == event)
        found = rows.join(contacts.filter(pl.col("kind") == kind).unique(), on=["person_id", "event_date"], how="semi")
        assert rows.height == found.height > 10
    assert (items["published"] >= items["event_date"]).all()
    joined = items.join(made["persons"], on="person_id", suffix="_true")
    told = joined.drop_nulls("sex")
    assert told.height and (told["sex"] == told["sex_true"]).all()
    age = joined.drop_nulls("age").with_columns(
        true_age=(pl.col("event_date") - pl.col("birth_date")).dt.total_days() / 365.25
    )
    off = (age["age"] - age["true_age"].floor()).abs()
    assert 0 < (off > 0).mean() < 0.1 and off.max() <= 2
