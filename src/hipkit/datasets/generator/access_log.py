"""Access log: who opened whose record, when, why, and whether it was snooping.

Most openings follow from care: from contacts, the GP's list, the GP's follow-up and home care. A small declared part is
snooping, labelled by kind. Care and snooping overlap on purpose: emergency access, quality assurance and night shifts
look suspicious and are not, and some snoopers work where the patient is treated. Rates: datasets/reference/access.toml.

The log is an extract of the last half year, in order of time within a block.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import enum_series, with_nulls
from hipkit.datasets.generator.block import REFERENCE_DATE, Block
from hipkit.datasets.generator.organisations import FIRST_MUNICIPALITY_ID
from hipkit.datasets.generator.personnel import FIRST_HPR_NUMBER, PROFESSIONS
from hipkit.datasets.generator.pools import build_pools, read_planning

MINUTES_A_DAY = 1440
# Openings within so many days of a contact with the organisation belong to a care relation.
RELATION_DAYS = 30
# Room for this many openings a person in the numbering of a block.
IDS_A_PERSON = 100
PURPOSES = pl.Enum(["treatment", "administration", "quality_assurance", "education"])
TREATMENT, ADMINISTRATION, QUALITY, EDUCATION = range(4)
# Days over which the openings of one snooping episode are spread.
SPREAD_DAYS = {
    "household": 30,
    "same_surname": 20,
    "vip": 3,
    "colleague": 5,
    "ex_partner": 120,
    "curiosity_night": 1,
}


@dataclass(frozen=True)
class Staff:
    """Members of staff of some professions, grouped by organisation; within one, in order of their random number."""

    hpr: np.ndarray
    organisations: np.ndarray
    start: np.ndarray
    count: np.ndarray

    def member(self, organisation: np.ndarray, turn: np.ndarray) -> np.ndarray:
        """HPR number of member `turn` (any whole number; counted round) of each organisation, 0 where it has none."""
        place = np.minimum(np.searchsorted(self.organisations, organisation), len(self.organisations) - 1)
        known = self.organisations[place] == organisation
        return np.where(known, self.hpr[self.start[place] + turn % self.count[place]], 0)


@dataclass
class Openings:
    """Openings of records as arrays (n,): position of the patient, HPR number, minute since 1970, and what is known."""

    person: np.ndarray
    hpr: np.ndarray
    minute: np.ndarray
    purpose: np.ndarray
    relation: np.ndarray
    break_glass: np.ndarray
    kind: np.ndarray  # 0 care, else 1 + position of the snooping kind


@lru_cache(maxsize=16)
def _staff(n_patients: int, seed: int, professions: tuple[str, ...]) -> Staff:
    rows = build_pools(n_patients, seed).personnel.filter(pl.col("profession").cast(pl.String).is_in(professions))
    rows = rows.sort("organisation_id", "hpr_number")
    ids, start = np.unique(rows["organisation_id"].to_numpy(), return_index=True)
    return Staff(rows["hpr_number"].to_numpy(), ids, start, np.diff(np.r_[start, rows.height]))


@lru_cache(maxsize=2)
def _by_number(n_patients: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Profession code and organisation id by HPR number less the first."""
    rows = build_pools(n_patients, seed).personnel.sort("hpr_number")
    return rows["profession"].to_physical().to_numpy(), rows["organisation_id"].to_numpy()


def _minutes(day: date) -> int:
    return (day - date(1970, 1, 1)).days * MINUTES_A_DAY


def _join(parts: list[Openings]) -> Openings:
    return Openings(*(np.concatenate([getattr(p, f) for p in parts]) for f in Openings.__dataclass_fields__))


def _care(person, hpr, minute, purpose=TREATMENT, relation=True, break_glass=None) -> Openings:
    """Openings for care; a HPR number of 0 (nobody works there) is left out."""
    n = len(person)
    found = Openings(
        person,
        hpr,
        minute,
        np.broadcast_to(purpose, n),
        np.broadcast_to(relation, n),
        np.zeros(n, dtype=bool) if break_glass is None else break_glass,
        np.zeros(n, dtype=np.int64),
    )
    return _keep(found, hpr > 0)


def _keep(openings: Openings, which: np.ndarray) -> Openings:
    return Openings(*(getattr(openings, f)[which] for f in Openings.__dataclass_fields__))


def _minute_of_day(rng: np.random.Generator, night: np.ndarray) -> np.ndarray:
    """Minute of the day (n,): 22-06 where `night`, else mostly office hours and some evenings."""
    n = len(night)
    day = np.where(rng.random(n) < 0.8, rng.triangular(420, 600, 990, n), rng.uniform(960, 1320, n))
    return np.where(night, (1320 + rng.integers(0, 480, n)) % MINUTES_A_DAY, day.astype(np.int64))


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table `access_log` (contract: access_log.toml) of one block."""
    rng = ctx.rng("access_log")
    plan = read_planning("access")
    log = _join(
        [
            *_contacts(ctx, rng, plan, made),
            *_without_contact(ctx, rng, plan, made),
            _home_care(ctx, rng, plan, made),
            *_snooping(ctx, rng, plan, made),
        ]
    )
    first, end = _minutes(plan["window"]["first_day"]), _minutes(REFERENCE_DATE)
    death = _end_of_life(made["persons"])
    log = _keep(log, (log.minute >= first) & (log.minute < end) & (log.minute < death[log.person]))
    second = log.minute * 60 + rng.integers(0, 60, len(log.minute))
    order = np.argsort(second, kind="stable")
    return {"access_log": _table(ctx, rng, plan, _keep(log, order), second[order])}


def _end_of_life(persons: pl.DataFrame) -> np.ndarray:
    """Minute after which nobody opens the record in the ordinary course: 60 days after death; (n,) int64."""
    days = persons["death_date"].to_physical().cast(pl.Int64) + 60
    return days.fill_null(10**6).to_numpy() * MINUTES_A_DAY


def _contacts(ctx: Block, rng, plan, made) -> list[Openings]:
    """Openings that follow from contacts: a first one, and more by a team that takes turns."""
    first = np.datetime64(plan["window"]["first_day"])
    rows = made["encounters"].select("person_id", "organisation_id", "kind", "start", "end")
    rows = rows.filter(pl.col("end") >= pl.lit(first.astype("M8[us]").item()))
    hospital = made["persons"]["hospital_id"].to_numpy()
    gp = made["persons"]["gp_hpr"].to_numpy()
    found = []
    for kind, mean in ((k, plan["openings"][k]) for k in ("inpatient", "outpatient", "emergency", "gp")):
        chosen = rows.filter(pl.col("kind") == kind)
        n = chosen.height
        person = chosen["person_id"].to_numpy() - ctx.first_person_id
        start, end = (chosen[c].to_physical().to_numpy() // 60_000_000 for c in ("start", "end"))
        number = 1 + rng.poisson(mean, n)
        row = np.repeat(np.arange(n), number)
        turn = rng.integers(0, 2**31, n)[row] + rng.integers(0, plan["contact"]["team"], len(row))
        is_first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
        staff = _staff(ctx.pools.n_patients, ctx.pools.seed, tuple(plan["staff"][kind]))
        organisation = chosen["organisation_id"].to_numpy()[row]
        hpr = staff.member(organisation, turn)
        # Where the organisation has nobody of these professions, the patient's hospital sees to it.
        hpr = np.where(hpr > 0, hpr, staff.member(hospital[person[row]], turn))
        if kind == "gp":
            hpr = np.where(is_first & (rng.random(len(row)) < 0.85), gp[person[row]], hpr)
        if kind == "inpatient":
            stay = np.maximum(end - start, 30)[row]
            day = start[row] + (rng.random(len(row)) * stay).astype(np.int64)
            day -= day % MINUTES_A_DAY
            minute = day + _minute_of_day(rng, rng.random(len(row)) < 0.15)
            minute = np.where(is_first | (minute < start[row]), start[row] + rng.integers(0, 60, len(row)), minute)
        else:
            later = np.where(is_first, rng.integers(-10, 25, len(row)), rng.exponential(180, len(row)).astype(np.int64))
            minute = start[row] + later
        glass = (rng.random(n) < plan["contact"]["break_glass"])[row] & is_first if kind == "emergency" else None
        # Emergency access is taken where the system knows of no relation yet.
        relation = np.ones(len(row), dtype=bool) if glass is None else ~glass
        found.append(_care(person[row], hpr, minute, relation=relation, break_glass=glass))
    return found


def _without_contact(ctx: Block, rng, plan, made) -> list[Openings]:
    """Openings without a contact: prescriptions, answers to test results, quality assurance, referrals."""
    first = _minutes(plan["window"]["first_day"])
    days = (REFERENCE_DATE - plan["window"]["first_day"]).days
    gp = made["persons"]["gp_hpr"].to_numpy()
    office = _by_number(ctx.pools.n_patients, ctx.pools.seed)[1][gp - FIRST_HPR_NUMBER]
    hospital = made["persons"]["hospital_id"].to_numpy()

    def some(mean: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        person = np.repeat(np.arange(ctx.n_persons), rng.poisson(mean, ctx.n_persons))
        n = len(person)
        night = np.zeros(n, dtype=bool)
        day = rng.integers(0, days, n)
        # Offices are closed at the week-end; 1 January 1970 was a Thursday.
        day -= np.maximum((first // MINUTES_A_DAY + day + 3) % 7 - 4, 0)
        return person, rng.integers(0, 2**31, n), first + day * MINUTES_A_DAY + _minute_of_day(rng, night)

    def staff(*professions: str) -> Staff:
        return _staff(ctx.pools.n_patients, ctx.pools.seed, professions)

    openings = plan["openings"]
    person, turn, minute = some(openings["health_secretary"])
    secretary = _care(person, staff("health_secretary").member(office[person], turn), minute, ADMINISTRATION)
    person, _, minute = some(openings["gp_follow_up"])
    follow_up = _care(person, gp[person], minute)
    person, turn, minute = some(openings["quality_assurance"])
    review = staff("physician", "nurse", "medical_student").member(hospital[person], turn)
    purpose = np.where(rng.random(len(person)) < 0.7, QUALITY, EDUCATION)
    quality = _care(person, review, minute, purpose, relation=False)
    # A referral is judged before the hospital has seen the patient: a reason, but no relation that the system knows.
    person, turn, minute = some(openings["referral_judged"])
    judged = _care(person, staff("physician").member(hospital[person], turn), minute, relation=False)
    return [secretary, follow_up, quality, judged]


def _municipality(ctx: Block, codes: pl.Series) -> np.ndarray:
    """Organisation ids of municipalities, from their codes (n,)."""
    order = codes.cast(ctx.pools.reference.municipality_codes).to_physical()
    return FIRST_MUNICIPALITY_ID + order.to_numpy().astype(np.int64)


def _home_care(ctx: Block, rng, plan, made) -> Openings:
    """Openings by the municipality's staff for persons with services; the same few for each person."""
    first, last = plan["window"]["first_day"], REFERENCE_DATE
    services = made["municipal_services"].filter(
        (pl.col("start_date") < last) & (pl.col("end_date").is_null() | (pl.col("end_date") >= first))
    )
    person = services["person_id"].to_numpy() - ctx.first_person_id
    start = np.maximum(services["start_date"].to_physical().to_numpy(), (first - date(1970, 1, 1)).days)
    end = services["end_date"].to_physical().fill_null((last - date(1970, 1, 1)).days).to_numpy()
    days = np.maximum(end - start, 0)
    row = np.repeat(np.arange(len(person)), rng.poisson(plan["openings"]["home_care_month"] * days / 30.4))
    organisation = _municipality(ctx, services["municipality_code"])
    staff = _staff(ctx.pools.n_patients, ctx.pools.seed, tuple(plan["staff"]["home_care"]))
    turn = person[row] * 7 + rng.integers(0, plan["contact"]["team"], len(row))
    day = start[row] + (rng.random(len(row)) * days[row]).astype(np.int64)
    minute = day * MINUTES_A_DAY + _minute_of_day(rng, rng.random(len(row)) < 0.12)
    return _care(person[row], staff.member(organisation[row], turn), minute)


def _snooping(ctx: Block, rng, plan, made) -> list[Openings]:
    """Openings without a reason in care, by kind."""
    persons = made["persons"]
    n = ctx.n_persons
    vips = np.flatnonzero(persons["vip"].to_numpy())
    hospital = persons["hospital_id"].to_numpy()
    adults = np.flatnonzero((persons["birth_date"] < date(REFERENCE_DATE.year - 22, 1, 1)).to_numpy())
    anyone = adults if len(adults) else np.arange(n)
    insiders = _staff(
        ctx.pools.n_patients,
        ctx.pools.seed,
        ("physician", "nurse", "care_worker", "health_secretary", "medical_student", "pharmacist"),
    )
    found = []
    for number, (kind, rates) in enumerate(plan["snooping"].items()):
        base = len(vips) if kind == "vip" else n / 1000
        episodes = int(rng.poisson(rates["episodes"] * base))
        victim = rng.choice(vips if kind == "vip" else anyone, episodes) if episodes else np.zeros(0, dtype=np.int64)
        if kind in ("household", "same_surname"):
            victim, snooper = _namesakes(ctx, rng, persons, episodes, here=kind == "household")
        else:
            snooper = insiders.member(hospital[victim], rng.integers(0, 2**31, len(victim)))
        openings = rng.integers(rates["openings"][0], rates["openings"][1] + 1, len(victim))
        row = np.repeat(np.arange(len(victim)), openings)
        person, hpr = victim[row], snooper[row]
        if kind == "vip":
            # News travels through the wards: each opening is somebody else's.
            hpr = insiders.member(hospital[person], rng.integers(0, 2**31, len(row)))
        if kind == "curiosity_night":
            person = rng.integers(0, n, len(row))
        found.append(_episodes(rng, plan, rates, kind, number, person, hpr, row, len(victim)))
    found = [_with_relation(ctx, made, part) for part in found]
    return found


def _episodes(rng, plan, rates, kind, number, person, hpr, row, n_episodes) -> Openings:
    first = _minutes(plan["window"]["first_day"])
    days = (REFERENCE_DATE - plan["window"]["first_day"]).days - SPREAD_DAYS[kind]
    start = rng.integers(0, days, n_episodes)[row]
    day = first + (start + rng.integers(0, SPREAD_DAYS[kind], len(row))) * MINUTES_A_DAY
    minute = day + _minute_of_day(rng, rng.random(len(row)) < rates["night"])
    if kind == "curiosity_night":
        # One record after the other in one sitting.
        minute = (first + start * MINUTES_A_DAY) + (1380 + rng.integers(0, 90, n_episodes)[row])
        minute += np.arange(len(row)) - np.searchsorted(row, row)
    stated = np.where(rng.random(len(row)) < 0.6, ADMINISTRATION, QUALITY)
    purpose = np.where(rng.random(len(row)) < rates["claims"], TREATMENT, stated)
    glass = rng.random(len(row)) < 0.06
    none = np.zeros(len(row), dtype=bool)
    return Openings(person, hpr, minute, purpose, none, glass, np.full(len(row), number + 1))


def _namesakes(ctx: Block, rng, persons: pl.DataFrame, wanted: int, here: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a patient and a member of staff with the same family name, in the same municipality or another one."""
    staff = ctx.pools.personnel.filter(pl.col("profession").is_in(["physician", "nurse", "care_worker", "gp"]))
    name = staff["family_name"].to_physical().to_numpy().astype(np.int64)
    town = staff["municipality_code"].to_physical().to_numpy().astype(np.int64)
    order = np.argsort(name, kind="stable")
    start, end = (np.searchsorted(name[order], np.arange(name.max() + 2), side=side) for side in ("left", "right"))
    # Few patients have a namesake at work in the right place: many are tried.
    tried = rng.permutation(ctx.n_persons)[: 60 * wanted + 200]
    of_patient = persons["family_name"].to_physical().to_numpy().astype(np.int64)[tried]
    where = persons["municipality_code"].to_physical().to_numpy().astype(np.int64)[tried]
    of_patient = np.minimum(of_patient, len(start) - 1)
    count = end[of_patient] - start[of_patient]
    draw = rng.random(len(tried))
    place = np.minimum(start[of_patient] + (draw * count).astype(np.int64), max(len(order) - 1, 0))
    other = order[place]
    fits = (count > 0) & ((town[other] == where) == here)
    return tried[fits][:wanted], staff["hpr_number"].to_numpy()[other[fits][:wanted]]


def _with_relation(ctx: Block, made, part: Openings) -> Openings:
    """Set `relation` of snooping openings as the record system would: by contacts, lists and services alone."""
    if not len(part.person):
        return part
    organisation_of = _by_number(ctx.pools.n_patients, ctx.pools.seed)[1]
    organisation = organisation_of[part.hpr - FIRST_HPR_NUMBER]
    on_list = organisation == organisation_of[made["persons"]["gp_hpr"].to_numpy()[part.person] - FIRST_HPR_NUMBER]
    rows = pl.DataFrame(
        {
            "row": np.arange(len(part.person)),
            "person_id": part.person + ctx.first_person_id,
            "organisation_id": organisation,
            "minute": part.minute,
        }
    )
    contacts = made["encounters"].select(
        "person_id", "organisation_id", pl.col("start", "end").to_physical() // 60_000_000
    )
    near = rows.join(contacts, on=["person_id", "organisation_id"]).filter(
        (pl.col("minute") >= pl.col("start") - RELATION_DAYS * MINUTES_A_DAY)
        & (pl.col("minute") <= pl.col("end") + RELATION_DAYS * MINUTES_A_DAY)
    )
    services = made["municipal_services"].select("person_id", "municipality_code", "start_date", "end_date")
    services = services.with_columns(
        pl.Series("organisation_id", _municipality(ctx, services["municipality_code"]), dtype=pl.Int32),
        start=pl.col("start_date").to_physical().cast(pl.Int64) * MINUTES_A_DAY,
        end=pl.col("end_date").to_physical().cast(pl.Int64).fill_null(10**6) * MINUTES_A_DAY,
    )
    served = rows.join(services, on=["person_id", "organisation_id"]).filter(
        (pl.col("minute") >= pl.col("start")) & (pl.col("minute") <= pl.col("end"))
    )
    relation = on_list.copy()
    relation[near["row"].to_numpy()] = True
    relation[served["row"].to_numpy()] = True
    part.relation = relation
    return part


def _table(ctx: Block, rng, plan, log: Openings, second: np.ndarray) -> pl.DataFrame:
    n = len(log.person)
    profession, organisation = _by_number(ctx.pools.n_patients, ctx.pools.seed)
    member = log.hpr - FIRST_HPR_NUMBER
    kinds = pl.Enum(list(plan["snooping"]))
    snooping = log.kind > 0
    documents, actions = plan["documents"], plan["actions"]
    share = np.stack([np.cumsum(documents["share"]), np.cumsum(documents["share_of_snoopers"])])[snooping.astype(int)]
    last = len(documents["values"]) - 1
    document = np.minimum((rng.random(n)[:, None] >= share).sum(axis=1), last)
    action = np.searchsorted(np.cumsum(actions["share"])[:-1], rng.random(n), side="right")
    # Snoopers do not write: what would be a writing is a reading.
    action = np.where(snooping & (action == actions["values"].index("write")), 0, action)
    if n > ctx.n_persons * IDS_A_PERSON:
        raise ValueError(f"{n} openings of {ctx.n_persons} records: the numbering has no room")
    return pl.DataFrame(
        {
            "access_id": pl.Series((ctx.first_person_id - 1) * IDS_A_PERSON + 1 + np.arange(n), dtype=pl.Int64),
            "at": pl.Series(second * 1_000_000).cast(pl.Datetime("us")),
            "hpr_number": pl.Series(log.hpr, dtype=pl.Int32),
            "role": enum_series(profession[member], PROFESSIONS),
            "organisation_id": pl.Series(organisation[member], dtype=pl.Int32),
            "person_id": pl.Series(log.person + ctx.first_person_id, dtype=pl.Int64),
            "action": enum_series(action, pl.Enum(actions["values"])),
            "document": enum_series(document, pl.Enum(documents["values"])),
            "purpose": enum_series(log.purpose, PURPOSES),
            "care_relation": pl.Series(log.relation),
            "break_glass": pl.Series(log.break_glass),
            "snooping": pl.Series(snooping),
            "snooping_kind": with_nulls(enum_series(np.maximum(log.kind - 1, 0), kinds), ~snooping),
        }
    )
