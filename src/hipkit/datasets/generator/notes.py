"""Clinical notes in bokmål and English, and the exact place of every identifier in them.

The texts come from datasets/reference/note_templates.toml, which also explains its placeholders. A note agrees with
the tables: the patient, the relatives, the contact, the staff, the conditions and the medicines are those of the same
population. A placeholder for an identifier becomes a row of `note_spans` with the characters it fills.

How many: one note for 80 persons, and in small populations more, so that a lab has enough to learn from: one for 10
persons up to 2 000 notes, and never fewer than 400 (or one for every person).
"""

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import polars as pl

from hipkit.datasets.generator.block import HISTORY_END, HISTORY_START, Block
from hipkit.datasets.generator.pools import build_pools
from hipkit.errors import KitError
from hipkit.paths import DATASETS

TEMPLATES = DATASETS / "reference" / "note_templates.toml"
# Label of the span that each identifying placeholder makes.
LABEL = {
    "name": "name",
    "given": "name",
    "family": "name",
    "relative": "relative",
    "relative_given": "relative",
    "national_id": "national_id",
    "phone": "phone",
    "relative_phone": "phone",
    "work_phone": "phone",
    "address": "address",
    "street": "address",
    "postal": "address",
    "today": "date",
    "birth_date": "date",
    "admitted": "date",
    "earlier": "date",
    "next": "date",
    "place": "place",
    "hospital": "hospital",
    "office": "hospital",
    "clinician": "clinician",
    "colleague": "clinician",
    "gp": "clinician",
    "email": "email",
    "relative_email": "email",
    "work_email": "email",
}
PLAIN = frozenset({"age", "condition", "history", "drugs", "sex", "he", "him", "his", "relation"})
LANGUAGES = pl.Enum(["nb", "en"])
SPLITS = pl.Enum(["train", "heldout"])
LABELS = pl.Enum(sorted(set(LABEL.values())))
PHONES = 68_050_000
MONTHS = {
    language: tuple(names.split())
    for language, names in {
        "nb": "januar februar mars april mai juni juli august september oktober november desember",
        "en": "January February March April May June July August September October November December",
    }.items()
}
# Who stands near the patient: word by language and sex of that person.
RELATIONS = {
    "partner": {"nb": ("ektefelle", "ektefelle"), "en": ("wife", "husband")},
    "parent": {"nb": ("mor", "far"), "en": ("mother", "father")},
    "child": {"nb": ("datter", "sønn"), "en": ("daughter", "son")},
    "neighbour": {"nb": ("nabo", "nabo"), "en": ("neighbour", "neighbour")},
}
PRONOUNS = {
    "nb": {"F": ("hun", "henne", "hennes"), "M": ("han", "ham", "hans")},
    "en": {"F": ("she", "her", "her"), "M": ("he", "him", "his")},
}
SEX_WORDS = {
    "nb": {"F": ("kvinne", "jente"), "M": ("mann", "gutt")},
    "en": {"F": ("woman", "girl"), "M": ("man", "boy")},
}
NOTHING = {"history": {"nb": "ingen kjente", "en": "nothing of note"}, "drugs": {"nb": "ingen", "en": "none"}}
MOST_NAMED = 4  # conditions or medicines named in a note
PERSON_COLUMNS = (
    "person_id",
    "national_id",
    "given_name",
    "family_name",
    "sex",
    "birth_date",
    "death_date",
    "municipality_code",
    "postcode",
    "place",
    "street_address",
    "phone",
    "email",
    "gp_hpr",
    "hospital_id",
)


@dataclass(frozen=True)
class Template:
    """One template: its own facts and its parsed text.

    `parts` is a tuple of literal strings and ("slot", name, format), ("choice", alternatives) and ("number", low, high,
    decimals), where an alternative is again a tuple of parts.
    """

    id: str
    language: str
    kind: str
    split: str
    author: str
    encounter: str
    min_age: int
    max_age: int
    sex: str
    conditions: frozenset[str]
    needs_drugs: bool
    slots: frozenset[str]
    parts: tuple


def _closing(text: str, start: int) -> int:
    """Index of the brace that closes the one just before `start`."""
    depth = 1
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if not depth:
            return index
    raise ValueError("a brace is not closed")


def _split_choices(text: str) -> list[str]:
    found, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "|" and not depth:
            found.append(text[start:index])
            start = index + 1
    return [*found, text[start:]]


def parse(text: str) -> tuple:
    """Parts of a template's text; see Template. Raises ValueError for an unknown placeholder or an open brace."""
    parts: list = []
    at = 0
    while (brace := text.find("{", at)) >= 0:
        if brace > at:
            parts.append(text[at:brace])
        end = _closing(text, brace + 1)
        inside = text[brace + 1 : end]
        if inside.startswith("="):
            parts.append(("choice", tuple(parse(choice) for choice in _split_choices(inside[1:]))))
        elif inside.startswith("#"):
            number = re.fullmatch(r"#(\d+(?:\.\d)?)-(\d+(?:\.\d)?)", inside)
            if number is None:
                raise ValueError(f"{{{inside}}} is no range of numbers")
            parts.append(("number", float(number[1]), float(number[2]), int("." in inside)))
        else:
            slot, _, form = inside.partition(":")
            if slot not in LABEL and slot not in PLAIN:
                raise ValueError(f"{{{inside}}} is no placeholder")
            parts.append(("slot", slot, form))
        at = end + 1
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def _slots(parts: tuple) -> frozenset[str]:
    found: set[str] = set()
    for part in parts:
        if part[0] == "slot":
            found.add(part[1])
        elif part[0] == "choice":
            found.update(*(_slots(choice) for choice in part[1]))
    return frozenset(found)


@lru_cache(maxsize=1)
def templates() -> tuple[tuple[Template, ...], dict]:
    """All templates in the order of the file, and the file's [wording] table. Raises KitError naming a broken one."""
    if not TEMPLATES.exists():
        raise KitError(f"{TEMPLATES} is missing. It is part of the course: restore it with git checkout.")
    content = tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))
    found = []
    for entry in content["template"]:
        try:
            parts = parse(entry["text"].strip())
        except ValueError as error:
            raise KitError(f"{TEMPLATES.name}, template {entry['id']}: {error}.") from error
        found.append(
            Template(
                id=entry["id"],
                language=entry["language"],
                kind=entry["kind"],
                split=entry["split"],
                author=entry["author"],
                encounter=entry["encounter"],
                min_age=entry.get("min_age", 0),
                max_age=entry.get("max_age", 200),
                sex=entry.get("sex", ""),
                conditions=frozenset(entry.get("conditions", ())),
                needs_drugs=entry.get("needs_drugs", False),
                slots=_slots(parts),
                parts=parts,
            )
        )
    return tuple(found), content["wording"]


@lru_cache(maxsize=1)
def _schemas() -> tuple[dict, dict]:
    """Columns of notes and note_spans; the categories are those of the templates."""
    every, _ = templates()
    notes = {
        "note_id": pl.Int64,
        "person_id": pl.Int64,
        "encounter_id": pl.Int64,
        "author_hpr": pl.Int32,
        "written_at": pl.Datetime("us"),
        "language": LANGUAGES,
        "kind": pl.Enum(sorted({t.kind for t in every})),
        "template_id": pl.Enum([t.id for t in every]),
        "split": SPLITS,
        "text": pl.String,
    }
    return notes, {"note_id": pl.Int64, "start": pl.Int32, "end": pl.Int32, "label": LABELS, "text": pl.String}


@lru_cache(maxsize=1)
def _names_of_codes() -> dict[str, dict[str, str]]:
    """Names of conditions and acute reasons in running text: by language, then by slug, ICD-10 and ICPC-2 code."""
    wording = templates()[1]
    tables = [
        pl.read_csv(DATASETS / "reference" / "conditions.csv", infer_schema=False).rename({"condition": "slug"}),
        pl.read_csv(DATASETS / "reference" / "acute_reasons.csv", infer_schema=False).rename({"reason": "slug"}),
    ]
    names: dict[str, dict[str, str]] = {"nb": {}, "en": {}}
    for table in tables:
        for row in table.iter_rows(named=True):
            for language, known in names.items():
                text = row[f"name_{language}"]
                for ending in wording["leave_out"]:
                    text = text.removesuffix(ending)
                if not text[1:2].isupper() and not text.startswith(tuple(wording["keep_capital"])):
                    text = text[0].lower() + text[1:]
                for code in (row["slug"], row["icd10"], row["icpc2"]):
                    known.setdefault(code, text)
    return names


@lru_cache(maxsize=1)
def _names_of_drugs() -> dict[str, str]:
    folder = DATASETS / "reference"
    drugs = pl.read_csv(folder / "medications.csv", infer_schema=False)
    return dict(drugs.select("atc", "name").iter_rows())


@lru_cache(maxsize=2)
def _staff(n_patients: int, seed: int) -> tuple[dict, dict, dict]:
    """Personnel by (organisation, profession), full names by HPR number, and organisations' names by id."""
    pools = build_pools(n_patients, seed)
    jobs: dict[tuple[int, str], list[int]] = {}
    names: dict[int, tuple[str, str, int]] = {}
    columns = ("hpr_number", "given_name", "family_name", "profession", "organisation_id")
    for hpr, given, family, profession, organisation in pools.personnel.select(columns).iter_rows():
        jobs.setdefault((organisation, profession), []).append(hpr)
        names[hpr] = (given, family, organisation)
    return jobs, names, dict(pools.organisations.select("organisation_id", "name").iter_rows())


class _Dice:
    """Whole numbers below n, one at a time, from a stream drawn ahead: many times quicker than one by one."""

    AHEAD = 4096

    def __init__(self, rng: np.random.Generator):
        self._rng = rng
        self._drawn: list[float] = []

    def below(self, n: int) -> int:
        if not self._drawn:
            self._drawn = self._rng.random(self.AHEAD).tolist()
        return int(self._drawn.pop() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from low up to high, both possible."""
        return low + self.below(high - low + 1)


def quota(n_patients: int) -> int:
    """Notes in a population of `n_patients`; see the head of this module."""
    return max(-(-n_patients // 80), min(n_patients, max(400, min(2000, n_patients // 10))))


def _day(value: date, form: str, language: str) -> str:
    month = MONTHS[language][value.month - 1]
    if form == "iso":
        return value.isoformat()
    if form == "long":
        return f"{value.day}. {month} {value.year}" if language == "nb" else f"{value.day} {month} {value.year}"
    if form == "month":
        return f"{month} {value.year}"
    if form == "short":
        return f"{value.day}/{value.month}" if language == "nb" else f"{value.day} {month[:3]}"
    return f"{value:%d.%m.%Y}" if language == "nb" else f"{value:%d/%m/%Y}"


def _phone(digits: str, form: str) -> str:
    spaced = f"{digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}"
    return {"spaced": spaced, "country": f"+47 {spaced}"}.get(form, digits)


def _render(parts: tuple, fill: dict, language: str, dice: _Dice, out: list, spans: list, at: int) -> int:
    """Append the filled parts to `out` and the identifiers to `spans`; return the length so far."""
    for part in parts:
        if isinstance(part, str):
            text = part
        elif part[0] == "choice":
            at = _render(part[1][dice.below(len(part[1]))], fill, language, dice, out, spans, at)
            continue
        elif part[0] == "number":
            _, low, high, decimals = part
            steps = 10**decimals
            value = dice.between(round(low * steps), round(high * steps)) / steps
            text = f"{value:.{decimals}f}"
            text = text.replace(".", ",") if language == "nb" else text
        else:
            _, slot, form = part
            value = fill[slot]
            if isinstance(value, date):
                text = _day(value, form, language)
            elif slot.endswith("phone"):
                text = _phone(value, form)
            elif isinstance(value, tuple):
                text = value[1] if form == "family" else f"{value[0]} {value[1]}"
            elif form == "spaced":
                text = f"{value[:6]} {value[6:]}"
            else:
                text = value
            if slot in PLAIN and (not out or out[-1].endswith((". ", "\n"))):
                text = text[0].upper() + text[1:]
            if slot in LABEL:
                spans.append((at, at + len(text), LABEL[slot], text))
        out.append(text)
        at += len(text)
    return at


def _wanted(ctx: Block) -> int:
    """Notes in this block: the population's number, dealt out evenly."""
    total, everyone = quota(ctx.pools.n_patients), ctx.pools.n_patients
    before = ctx.first_person_id - 1
    return total * (before + ctx.n_persons) // everyone - total * before // everyone


def _candidates(ctx: Block, rng: np.random.Generator, made: dict[str, pl.DataFrame]) -> np.ndarray:
    """Positions of the persons who may get a note, best first: those with a contact five times as often as others."""
    weight = np.ones(ctx.n_persons)
    weight[made["encounters"]["person_id"].unique().to_numpy() - ctx.first_person_id] = 5.0
    # Draws without replacement and with weights: the largest keys u**(1/w) win (Efraimidis and Spirakis, 2006).
    keys = rng.random(ctx.n_persons) ** (1 / weight)
    # A few more than wanted, for those whom no template fits.
    return np.argsort(-keys, kind="stable")[: _wanted(ctx) * 21 // 20 + 40]


def _positions(ids: pl.Series, ctx: Block) -> np.ndarray:
    """Positions in the block of the persons with these ids, -1 for null."""
    return ids.fill_null(ctx.first_person_id - 1).to_numpy() - ctx.first_person_id


def _relatives(persons: pl.DataFrame, chosen: np.ndarray, ctx: Block, rng: np.random.Generator, ages: np.ndarray):
    """For each chosen position (k,): the kind of relation and the position of somebody who stands near, alive.

    A parent for those under 18; else partner, grown child, parent, and a neighbour where there is no family.
    """
    n = ctx.n_persons
    alive = persons["death_date"].is_null().to_numpy()

    def living(position: np.ndarray) -> np.ndarray:
        return np.where((position >= 0) & alive[position], position, -1)

    mother, father, partner = (living(_positions(persons[c], ctx)) for c in ("mother_id", "father_id", "partner_id"))
    child = np.full(n, -1)
    grown = np.flatnonzero(alive & (ages >= 16))
    for column in ("father_id", "mother_id"):
        parent = _positions(persons[column], ctx)
        # The last child written wins; the order is drawn.
        order = rng.permutation(grown[parent[grown] >= 0])
        child[parent[order]] = order
    either = np.where(rng.random(n) < 0.5, father, mother)
    parent = np.where(either >= 0, either, np.maximum(father, mother))
    adults = np.flatnonzero(alive & (ages >= 18))
    neighbour = rng.choice(adults if len(adults) else np.arange(n), n)
    neighbour = np.where((neighbour == np.arange(n)) & (n > 1), (neighbour + 1) % n, neighbour)
    prefers_child = (child >= 0) & (rng.random(n) < 0.35)
    kinds = [
        ("parent", (ages < 18) & (parent >= 0), parent),
        ("partner", (partner >= 0) & ~prefers_child, partner),
        ("child", child >= 0, child),
        ("parent", (parent >= 0) & (ages < 60), parent),
        ("neighbour", np.ones(n, dtype=bool), neighbour),
    ]
    which = np.argmax([fits[chosen] for _, fits, _ in kinds], axis=0)
    other = np.array([position[chosen] for _, _, position in kinds])[which, np.arange(len(chosen))]
    return [(kinds[k][0], p) for k, p in zip(which.tolist(), other.tolist(), strict=True)]


def _grouped(frame: pl.DataFrame, wanted: set[int], *columns: str) -> dict[int, list[tuple]]:
    """Rows of the wanted persons by person_id."""
    rows: dict[int, list[tuple]] = {}
    chosen = frame.filter(pl.col("person_id").is_in(list(wanted))).select("person_id", *columns)
    for person, *values in chosen.iter_rows():
        rows.setdefault(person, []).append(tuple(values))
    return rows


@dataclass(frozen=True)
class _Clinical:
    """The clinical rows of the persons with a note: by person_id, and the main diagnosis by encounter_id."""

    encounters: dict[int, list[tuple]]
    conditions: dict[int, list[tuple]]
    medicines: dict[int, list[tuple]]
    reasons: dict[int, str]


def _read(made: dict[str, pl.DataFrame], wanted: set[int]) -> _Clinical:
    diagnoses = made["diagnoses"].filter(pl.col("person_id").is_in(list(wanted)) & (pl.col("rank") == 1))
    return _Clinical(
        encounters=_grouped(made["encounters"], wanted, "encounter_id", "kind", "start", "end", "organisation_id"),
        conditions=_grouped(made["conditions"], wanted, "condition", "onset_date"),
        medicines=_grouped(made["medications"], wanted, "atc", "start_date", "end_date"),
        reasons=dict(diagnoses.select("encounter_id", pl.col("code").cast(pl.String)).iter_rows()),
    )


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables `notes` and `note_spans` (contracts: notes.toml, note_spans.toml) of one block."""
    rng = ctx.rng("notes")
    position = _candidates(ctx, rng, made)
    birth = made["persons"]["birth_date"].to_numpy().astype("M8[D]")
    ages = ((np.datetime64(HISTORY_START) - birth) / np.timedelta64(1, "D") / 365.25).astype(np.int64)
    near = _relatives(made["persons"], position, ctx, rng, ages)
    needed = np.unique(np.r_[position, [other for _, other in near]].astype(np.int64))
    persons = dict(zip(needed.tolist(), made["persons"][needed].select(PERSON_COLUMNS).to_dicts(), strict=True))
    dice = _Dice(rng)
    wanted = {ctx.first_person_id + p for p in position.tolist()}
    tables = _read(made, wanted)
    every, _ = templates()
    eligible = np.array(
        [
            _eligible(every, persons, index, max(int(ages[index]), 0), relative, tables, ctx)
            for index, (_, relative) in zip(position.tolist(), near, strict=True)
        ]
    ).reshape(len(position), len(every))
    # Templates that fit few persons are chosen more often where they fit, so that all are used about equally.
    weight = eligible / np.maximum(eligible.sum(axis=0), 1)
    usable = np.flatnonzero(eligible.any(axis=1))[: _wanted(ctx)]
    rows, spans = [], []
    for row in usable[np.argsort(position[usable])].tolist():
        share = np.cumsum(weight[row])
        template = every[int(np.searchsorted(share, rng.random() * share[-1], side="right"))]
        writer = _Writer(ctx, dice, persons, int(position[row]), near[row], template)
        note, found = writer.write(tables)
        rows.append(note)
        spans += [(note[0], *span) for span in found]
    return {
        "notes": pl.DataFrame(rows, schema=_schemas()[0], orient="row"),
        "note_spans": pl.DataFrame(spans, schema=_schemas()[1], orient="row"),
    }


def _eligible(every, persons, index, age, relative, tables: _Clinical, ctx) -> list[bool]:
    """Which templates fit a person; `age` is the age at the start of the history, so that it fits all through it."""
    person = ctx.first_person_id + index
    contacts = tables.encounters.get(person, ())
    slugs = {slug for slug, _ in tables.conditions.get(person, ())}
    named = {
        kind
        for kind in {contact[1] for contact in contacts}
        if slugs or any(contact[1] == kind and contact[0] in tables.reasons for contact in contacts)
    }
    missing = {
        slot
        for slot, value in {
            "phone": persons[index]["phone"],
            "email": persons[index]["email"],
            "relative_phone": persons[relative]["phone"],
            "relative_email": persons[relative]["email"],
        }.items()
        if value is None
    }
    kinds = {"none", *(contact[1] for contact in contacts)}
    return [
        t.encounter in kinds
        and t.min_age <= age <= t.max_age - 2
        and t.sex in ("", persons[index]["sex"])
        and (not t.conditions or not t.conditions.isdisjoint(slugs))
        and (not t.needs_drugs or person in tables.medicines)
        and missing.isdisjoint(t.slots)
        and ("condition" not in t.slots or bool(slugs) or t.encounter in named)
        for t in every
    ]


@dataclass
class _Writer:
    """Fills one template for one person."""

    ctx: Block
    dice: _Dice
    persons: dict[int, dict]
    index: int
    near: tuple[str, int]
    template: Template

    def write(self, tables: _Clinical) -> tuple[tuple, list[tuple]]:
        """The row of `notes` and the spans (start, end, label, text)."""
        person = self.ctx.first_person_id + self.index
        encounter, start, end, organisation = self._contact(tables, person)
        today = end.date() if self.template.kind in ("discharge_summary", "operation_note") else start.date()
        if self.template.kind == "nursing_note":
            today = min(end.date(), start.date() + timedelta(days=1))
        fill = self._fill(today, start.date(), organisation)
        self._clinical(fill, today, tables, person, encounter)
        out: list[str] = []
        spans: list[tuple] = []
        _render(self.template.parts, fill, self.template.language, self.dice, out, spans, 0)
        at = datetime(today.year, today.month, today.day) + timedelta(minutes=self.dice.between(7 * 60, 22 * 60))
        if encounter is not None:
            at = max(at, end if today == end.date() else start)
        t = self.template
        note = person * 10 + 1
        return (note, person, encounter, fill["author"], at, t.language, t.kind, t.id, t.split, "".join(out)), spans

    def _contact(self, tables: _Clinical, person: int):
        """Encounter, start, end and organisation: a contact of the template's kind, or a day of its own."""
        if self.template.encounter == "none":
            born, death = (self.persons[self.index][c] for c in ("birth_date", "death_date"))
            first = max(HISTORY_START, born + timedelta(days=30))
            last = min(HISTORY_END, death or HISTORY_END)
            day = first + timedelta(days=self.dice.below(max((last - first).days, 0) + 1))
            moment = datetime(day.year, day.month, day.day, 9)
            return None, moment, moment, None
        fitting = [c for c in tables.encounters[person] if c[1] == self.template.encounter]
        if "condition" in self.template.slots and person not in tables.conditions:
            fitting = [c for c in fitting if c[0] in tables.reasons]
        encounter, _, start, end, organisation = fitting[self.dice.below(len(fitting))]
        return encounter, start, end, organisation

    def _fill(self, today: date, admitted: date, organisation: int | None) -> dict:
        """Identifiers of the patient, the relative, the staff and the places."""
        jobs, names, offices = _staff(self.ctx.pools.n_patients, self.ctx.pools.seed)
        mine = self.persons[self.index]
        relation, other = self.near
        gp = mine["gp_hpr"]
        author = gp if self.template.author == "gp" else self._somebody(jobs, self.template.author, organisation, mine)
        colleague = author
        while colleague == author:
            profession = ("physician", "nurse")[self.dice.below(2)]
            colleague = self._somebody(jobs, profession, None, mine)
        hospital = organisation if organisation in (1, 2, 3) else mine["hospital_id"]
        sex_of_relative = 0 if self.persons[other]["sex"] == "F" else 1
        language = self.template.language
        nominative, oblique, possessive = PRONOUNS[language][mine["sex"]]
        age = (today - mine["birth_date"]).days // 365.25
        unit = names[author][2]
        born = mine["birth_date"]
        return {
            "author": author,
            "name": (mine["given_name"], mine["family_name"]),
            "given": mine["given_name"],
            "family": mine["family_name"],
            "relative": (self.persons[other]["given_name"], self.persons[other]["family_name"]),
            "relative_given": self.persons[other]["given_name"],
            "relation": RELATIONS[relation][language][sex_of_relative],
            "national_id": mine["national_id"],
            "phone": mine["phone"],
            "relative_phone": self.persons[other]["phone"],
            # The same number each time for the same unit.
            "work_phone": str(PHONES + 7919 * unit % 10_000),
            "address": f"{mine['street_address']}, {mine['postcode']} {mine['place']}",
            "street": mine["street_address"],
            "postal": f"{mine['postcode']} {mine['place']}",
            "today": today,
            "birth_date": born,
            "admitted": admitted,
            "earlier": max(born, today - timedelta(days=self.dice.between(5, 120))),
            "next": today + timedelta(days=self.dice.between(3, 75)),
            "place": mine["place"],
            "hospital": offices[hospital],
            "office": offices[names[gp][2]],
            "clinician": names[author][:2],
            "colleague": names[colleague][:2],
            "gp": names[gp][:2],
            "email": mine["email"],
            "relative_email": self.persons[other]["email"],
            "work_email": f"post{unit}@helse.example",
            "age": str(int(age)),
            "sex": SEX_WORDS[language][mine["sex"]][age < 18],
            "he": nominative,
            "him": oblique,
            "his": possessive,
        }

    def _somebody(self, jobs, profession: str, organisation: int | None, mine: dict) -> int:
        """HPR number of a member of staff where the note is written, else at the patient's hospital or municipality."""
        _, names, _ = _staff(self.ctx.pools.n_patients, self.ctx.pools.seed)
        towns = self.ctx.pools.reference.municipality_codes.categories
        municipality = 101 + bisect_left(towns, mine["municipality_code"])
        at_home = self.template.encounter == "none" and profession in ("nurse", "care_worker", "physiotherapist")
        usual = (municipality, mine["hospital_id"]) if at_home else (mine["hospital_id"], municipality)
        for place in (organisation, *usual, names[mine["gp_hpr"]][2]):
            if staff := jobs.get((place, profession)):
                return staff[self.dice.below(len(staff))]
        raise ValueError(f"no {profession} works where person {mine['person_id']} is treated")

    def _clinical(self, fill: dict, today: date, tables: _Clinical, person: int, encounter: int | None) -> None:
        """Conditions, medicines and the reason of the contact, in words."""
        conditions = tables.conditions.get(person, ())
        medicines = tables.medicines.get(person, ())
        reason = tables.reasons.get(encounter)
        language = self.template.language
        names = _names_of_codes()[language]
        own = [slug for slug, onset in conditions if onset <= today] or [slug for slug, _ in conditions]
        fitting = [slug for slug in own if slug in self.template.conditions]
        if fitting:
            chosen = fitting[self.dice.below(len(fitting))]
        elif reason in names:
            chosen = reason
        else:
            chosen = own[self.dice.below(len(own))] if own else None
        if chosen is not None:
            fill["condition"] = names[chosen]
        known = [names[slug] for slug in own][:MOST_NAMED]
        fill["history"] = ", ".join(known) or NOTHING["history"][language]
        drugs = _names_of_drugs()
        in_use = {
            drugs[atc]: None
            for atc, start, end in medicines
            if atc in drugs and start <= today and (end is None or end >= today)
        }
        fill["drugs"] = ", ".join(list(in_use)[:MOST_NAMED]) or NOTHING["drugs"][language]
