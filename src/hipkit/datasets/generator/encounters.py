"""Contacts with health services in 2024 and 2025, and the diagnoses recorded at them.

A person's rate of contacts of each kind is a sum: a rate for the acute reasons of age band and sex, and a rate for each
condition. The reason of a contact is drawn in proportion to what it adds to the rate; the day follows the reason's
season. Hospital stays are made first as a timeline without overlaps, then readmissions are added by the logistic model
of causal.toml, and the labels are read off the finished timeline.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import with_nulls
from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    DAY_MINUTES,
    DAY_STEPS,
    INDEX_DAY,
    REASON_STEPS,
    WINDOW_DAYS,
    YEAR,
    dates,
    distinct,
    enum,
    moments,
    onset_days,
    people,
    reference,
    sigmoid,
    trait,
    traits,
)
from hipkit.datasets.generator.organisations import HOSPITAL_IDS
from hipkit.datasets.generator.outcomes import draw_falls
from hipkit.datasets.generator.personnel import FIRST_HPR_NUMBER

KINDS = ("gp", "outpatient", "emergency", "inpatient")
GP, OUTPATIENT, EMERGENCY, INPATIENT = range(4)
URGENCY = ("acute", "planned")
DISCHARGED = ("home", "home_with_services", "nursing_home", "other_hospital", "died")
SYSTEMS = ("icd10", "icpc2")
# Above any minute of the window, so that person * TURN + minute sorts by person and then by time.
TURN = 1 << 21
READMISSION_DAYS = 30
# encounter_id = person_id * 1000 + number in time; diagnosis_id = encounter_id * 100 + rank.
ENCOUNTER_STEP, DIAGNOSIS_STEP = 1000, 100
MINUTES = (20, 45, 180)
READMISSION_ROUNDS = 3


@dataclass
class Contacts:
    """Contacts as arrays of length m: person (row in the block), kind, reason, start and end in minutes, and so on."""

    person: np.ndarray
    kind: np.ndarray
    reason: np.ndarray
    start: np.ndarray
    end: np.ndarray
    hospital: np.ndarray
    planned: np.ndarray

    def take(self, rows: np.ndarray) -> "Contacts":
        """The contacts at `rows` (indices or mask)."""
        return Contacts(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @classmethod
    def join(cls, parts: list["Contacts"]) -> "Contacts":
        """All the contacts, one part after the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))

    def sorted(self) -> "Contacts":
        """In order of person and start."""
        return self.take(np.argsort(self.person * TURN + self.start, kind="stable"))


class Maker:
    """Draws contacts for one block; holds what all the draws share."""

    def __init__(self, ctx: Block, made: dict[str, pl.DataFrame]):
        self.ref = reference()
        self.rng = ctx.rng("encounters")
        self.who = who = people(made)
        self.n = len(who.age)
        self.onset = onset_days(who, made["conditions"])
        self.frailty = traits(ctx, who)[:, trait("frailty")]
        self.first = np.maximum(who.birth_day, 0)
        self.days = np.maximum(who.end_day - self.first, 0)
        # Share of the window in which a person lives with each condition, for the pairs of the table `conditions`.
        self.pair_person = made["conditions"]["person_id"].to_numpy() - who.person_id[0]
        self.pair_condition = made["conditions"]["condition"].to_physical().to_numpy()
        pair_onset = self.onset[self.pair_person, self.pair_condition]
        left = who.end_day[self.pair_person] - np.maximum(pair_onset, self.first[self.pair_person])
        self.pair_years = np.maximum(left, 0) / YEAR
        self.pair_start = np.searchsorted(self.pair_person, np.arange(self.n))
        self.pair_count = np.bincount(self.pair_person, minlength=self.n)
        self.group = who.band * 2 + who.female

    def factor(self, kind: int) -> np.ndarray:
        """What a person's rate of one kind is multiplied by, (n,)."""
        plan = self.ref.causal["contacts"]
        interpreter = np.where(self.who.interpreter, plan["interpreter_needed"][kind], 1.0)
        return plan["scale"][kind] * np.exp(plan["frailty"][kind] * self.frailty) * interpreter

    def reasons(self, person: np.ndarray, kind: int) -> np.ndarray:
        """A reason for one contact of each person in `person` (m,), in proportion to the reasons' rates."""
        weights, acute = self._weights(kind)
        rising = np.r_[0.0, np.cumsum(weights)]
        start = rising[self.pair_start[person]]
        chronic = rising[self.pair_start[person] + self.pair_count[person]] - start
        draw = self.rng.random(len(person)) * (chronic + acute[person])
        is_chronic = draw < chronic
        table = (kind * 10 + self.group[person]) * REASON_STEPS + self.rng.integers(0, REASON_STEPS, len(person))
        reason = self.ref.acute_choice.ravel()[table].astype(np.int64) + len(self.ref.conditions)
        rows = np.flatnonzero(is_chronic)
        place = np.searchsorted(rising, start[rows] + draw[rows], side="right") - 1
        low = self.pair_start[person[rows]]
        place = np.clip(place, low, low + self.pair_count[person[rows]] - 1)
        reason[rows] = self.pair_condition[place]
        return reason

    def _weights(self, kind: int) -> tuple[np.ndarray, np.ndarray]:
        """Expected contacts over the window: of each pair of person and condition, and of each person's acute ones."""
        weights = self.ref.condition_rates[self.pair_condition, kind] * self.pair_years
        acute = self.ref.acute_rates[kind].sum(axis=-1).reshape(-1)[self.group] * self.days / YEAR
        return weights, acute

    def draw(self, kind: int) -> tuple[np.ndarray, np.ndarray]:
        """Persons (m,) with one entry a contact of the kind, and the reasons."""
        weights, acute = self._weights(kind)
        mean = (np.bincount(self.pair_person, weights, minlength=self.n) + acute) * self.factor(kind)
        person = np.repeat(np.arange(self.n), self.rng.poisson(mean))
        return person, self.reasons(person, kind)

    def days_of(self, person: np.ndarray, reason: np.ndarray) -> np.ndarray:
        """Day of each contact: by the reason's season, while the person lives and has the condition."""
        season = self.ref.season_of[reason]
        table = season * DAY_STEPS + self.rng.integers(0, DAY_STEPS, len(person))
        day = self.ref.day_choice.ravel()[table].astype(np.float64)
        low = self.first[person].astype(np.float64)
        chronic = np.flatnonzero(reason < len(self.ref.conditions))
        low[chronic] = np.maximum(low[chronic], self.onset[person[chronic], reason[chronic]])
        high = self.who.end_day[person].astype(np.float64)
        outside = np.flatnonzero((day < low) | (day >= high))
        day[outside] = np.floor(low[outside] + self.rng.random(len(outside)) * (high[outside] - low[outside]))
        return day.astype(np.int64)

    def hospitals(self, person: np.ndarray) -> np.ndarray:
        """Hospital (0-2) of each contact: the catchment's, or with a small chance another."""
        own = self.who.hospital[person]
        away = self.rng.random(len(person)) >= self.ref.causal["contacts"]["own_hospital"]
        # Half of the others are referred to the largest hospital.
        other = np.where(self.rng.random(len(person)) < 0.5, 0, (own + 1 + self.rng.integers(0, 2, len(person))) % 3)
        return np.where(away, other, own)

    def short(self, kind: int, person: np.ndarray, reason: np.ndarray, day: np.ndarray) -> Contacts:
        """Contacts of some hours."""
        rng = self.rng
        if kind != EMERGENCY:
            # Offices are closed at weekends (day 0 is a Monday): Saturday's contacts are Friday's, Sunday's Monday's.
            moved = day + np.array([0, 0, 0, 0, 0, -1, 1])[day % 7]
            inside = (moved >= self.first[person]) & (moved < self.who.end_day[person]) & (moved < WINDOW_DAYS)
            day = np.where(inside, moved, day)
            minute = rng.integers(8 * 60, 15 * 60, len(person))
        else:
            minute = np.minimum(rng.gamma(6.0, 150.0, len(person)).astype(np.int64), DAY_MINUTES - 1)
        start = day * DAY_MINUTES + minute
        end = start + np.maximum(MINUTES[kind] * rng.gamma(4.0, 0.25, len(person)), 5).astype(np.int64)
        kinds = np.full(len(person), kind)
        return Contacts(
            person, kinds, reason, start, end, self.hospitals(person), np.full(len(person), kind != EMERGENCY)
        )

    def stays(self, person: np.ndarray, reason: np.ndarray, start: np.ndarray, hospital: np.ndarray) -> Contacts:
        """Hospital stays that begin at the minutes `start`; they end with the person's life at the latest."""
        rng = self.rng
        older = np.clip((self.who.age[person] - 40) / 100, 0, 0.5)
        mean = self.ref.mean_stay[reason] * (0.85 + older) * np.array([1.05, 1.0, 0.88])[hospital]
        length = np.maximum(rng.gamma(1.4, mean / 1.4), 0.15)
        end = np.minimum(start + (length * DAY_MINUTES).astype(np.int64), self._last_minute(person))
        chronic = reason < len(self.ref.conditions)
        share = np.where(chronic, self.ref.causal["contacts"]["planned_conditions"], 0.05)
        planned = rng.random(len(person)) < share
        kinds = np.full(len(person), INPATIENT)
        return Contacts(person, kinds, reason, start, end, hospital, planned)

    def _last_minute(self, person: np.ndarray) -> np.ndarray:
        """The minute before the day of death ends; far off for the living."""
        death = self.who.death_day[person]
        return np.where(
            np.isfinite(death), (np.where(np.isfinite(death), death, 0) + 1) * DAY_MINUTES - 1, 1 << 40
        ).astype(np.int64)


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make `encounters` and `diagnoses` of one block from its persons, conditions and medications."""
    maker = Maker(ctx, made)
    parts = []
    for kind in (GP, OUTPATIENT, EMERGENCY):
        person, reason = maker.draw(kind)
        parts.append(maker.short(kind, person, reason, maker.days_of(person, reason)))
    injuries, broken_hips = _falls(maker, draw_falls(ctx, maker.who, made))
    stays, recorded = _hospital(maker, broken_hips)
    short = Contacts.join([*parts, injuries])
    # A person is at one place: contacts on the days in hospital are dropped, but for the emergency room before a stay.
    contacts = Contacts.join([short.take(_outside(maker, short, stays)), stays])
    label = np.concatenate([np.full((len(contacts.person) - len(stays.person), 2), -1, dtype=np.int8), recorded])
    order = np.argsort(contacts.person * TURN + contacts.start, kind="stable")
    contacts, label = contacts.take(order), label[order]

    number = np.arange(len(order)) - np.searchsorted(contacts.person, np.arange(maker.n))[contacts.person]
    encounter_id = maker.who.person_id[contacts.person] * ENCOUNTER_STEP + number
    return {
        "encounters": _encounters(ctx, maker, made, contacts, label, encounter_id),
        "diagnoses": _diagnoses(ctx, maker, contacts, encounter_id),
    }


def _falls(maker: Maker, falls: np.ndarray) -> tuple[Contacts, Contacts]:
    """A contact in the emergency room for every fall, and the same for those with a broken hip as stays."""
    ref, rng = maker.ref, maker.rng
    plan = ref.causal["fall"]["injuries"]
    person, year = np.nonzero(falls)
    codes = np.array([ref.reason(slug) for slug in plan])
    reason = codes[np.searchsorted(np.cumsum(list(plan.values()))[:-1], rng.random(len(person)), side="right")]
    low = np.where(year == 0, 0, INDEX_DAY).astype(np.float64)
    high = np.minimum(np.where(year == 0, INDEX_DAY, WINDOW_DAYS), maker.who.end_day[person])
    # The day of the year by the season of ice; outside the person's days, any of them.
    table = ref.season_of[reason] * DAY_STEPS + rng.integers(0, DAY_STEPS, len(person))
    day = ref.day_choice.ravel()[table] % 365 + low
    outside = day >= high
    day = np.where(outside, np.floor(low + rng.random(len(person)) * (high - low)), day).astype(np.int64)
    contacts = maker.short(EMERGENCY, person, reason, day)
    hip = contacts.take(reason == ref.reason("hip_fracture"))
    return contacts, maker.stays(hip.person, hip.reason, hip.end, hip.hospital)


def _without_overlap(stays: Contacts) -> Contacts:
    """Stays in order, less those that begin before an earlier one of the person has ended."""
    stays = stays.sorted()
    if not len(stays.person):
        return stays
    base = stays.person << 42
    latest = np.maximum.accumulate(base + stays.end)
    free = np.r_[True, base[1:] + stays.start[1:] > latest[:-1]]
    return stays.take(free)


def _hospital(maker: Maker, broken_hips: Contacts) -> tuple[Contacts, np.ndarray]:
    """The hospital stays and their labels: (m, 2) int8, readmitted in truth and as the hospital sees it; -1 unknown."""
    ref, rng, who = maker.ref, maker.rng, maker.who
    person, reason = maker.draw(INPATIENT)
    day = maker.days_of(person, reason)
    minute = day * DAY_MINUTES + np.minimum(rng.gamma(7.0, 110.0, len(person)), DAY_MINUTES - 1).astype(np.int64)
    parts = [maker.stays(person, reason, minute, maker.hospitals(person)), broken_hips]
    # Some of the dying spend their last days in hospital.
    last = np.flatnonzero(
        who.died & (who.death_day >= 2) & (rng.random(maker.n) < ref.causal["contacts"]["terminal_stay"])
    )
    reason = maker.reasons(last, INPATIENT)
    stay = rng.gamma(1.4, 5.0, len(last))
    begin = np.maximum(who.death_day[last] - stay, maker.first[last]).astype(np.float64)
    final = maker.stays(last, reason, (begin * DAY_MINUTES).astype(np.int64), who.hospital[last])
    final.end = maker._last_minute(last) - rng.integers(0, DAY_MINUTES // 2, len(last))
    final.end = np.maximum(final.end, final.start + 60)
    parts.append(final)

    stays = _without_overlap(Contacts.join(parts))
    newest = np.arange(len(stays.person))
    for _ in range(READMISSION_ROUNDS):
        new = _readmissions(maker, stays, newest)
        if not len(new.person):
            break
        fresh = new.person * TURN + new.start
        stays = _without_overlap(Contacts.join([stays, new]))
        newest = np.flatnonzero(np.isin(stays.person * TURN + stays.start, fresh))
    # Stays are known when they have ended: one that has not by the end of the window is not in the table yet.
    stays = stays.take(stays.end < WINDOW_DAYS * DAY_MINUTES)
    return stays, _labels(maker, stays)


def _readmissions(maker: Maker, stays: Contacts, rows: np.ndarray) -> Contacts:
    """Acute stays within 30 days of the stays at `rows`, by the logistic model of causal.toml."""
    ref, rng, who = maker.ref, maker.rng, maker.who
    plan = ref.causal["readmission"]
    person, reason = stays.person[rows], stays.reason[rows]
    key = stays.person * TURN + stays.start
    year_ago = np.searchsorted(key, key[rows] - 365 * DAY_MINUTES)
    year_ago = np.maximum(year_ago, np.searchsorted(stays.person, person))
    earlier = np.minimum(rows - year_ago, 5)
    day = stays.start[rows] / DAY_MINUTES
    length = (stays.end[rows] - stays.start[rows]) / DAY_MINUTES
    ill = maker.onset[person] <= day[:, None]
    odds = plan["intercept"] + plan["age_decades_over_60"] * np.maximum(who.age[person] - 60, -20) / 10
    odds = odds + plan["male"] * ~who.female[person] + plan["earlier_admissions"] * earlier
    odds += plan["log_stay"] * np.log1p(length) + plan["acute"] * ~stays.planned[rows]
    odds += plan["frailty"] * maker.frailty[person] + plan["interpreter_needed"] * who.interpreter[person]
    odds += np.array(plan["hospital"])[stays.hospital[rows]] + plan["condition_count"] * ill.sum(axis=1)
    for slug, effect in plan["conditions"].items():
        odds += effect * ill[:, ref.condition(slug)]
    for slug, effect in plan["main_reason"].items():
        odds += effect * (reason == ref.reason(slug))
    last = maker._last_minute(person)
    back = np.flatnonzero((rng.random(len(rows)) < sigmoid(odds)) & (stays.end[rows] < last - DAY_MINUTES))
    person, reason, source = person[back], reason[back], rows[back]
    gap = np.minimum(rng.gamma(1.3, 7.0, len(back)) + 0.5, READMISSION_DAYS - 0.1)
    start = stays.end[source] + (gap * DAY_MINUTES).astype(np.int64)
    again = rng.random(len(back)) < 0.55
    reason = np.where(again & (reason != ref.reason("childbirth")), reason, maker.reasons(person, INPATIENT))
    elsewhere = np.where(who.interpreter[person], plan["seen_elsewhere_interpreter_needed"], plan["seen_elsewhere"])
    moved = rng.random(len(back)) < elsewhere
    hospital = np.where(moved, (stays.hospital[source] + 1 + rng.integers(0, 2, len(back))) % 3, stays.hospital[source])
    kept = (start < maker._last_minute(person)) & (start < WINDOW_DAYS * DAY_MINUTES)
    new = maker.stays(person[kept], reason[kept], start[kept], hospital[kept])
    new.planned[:] = False
    return new


def _labels(maker: Maker, stays: Contacts) -> np.ndarray:
    """Read off the timeline whether an acute stay of the person begins within 30 days of each stay's end.

    Returns int8 (m, 2): in truth, and as the hospital that discharged the patient sees it in its own record. -1 where
    the patient died in the stay, or the 30 days are not over at the end of the window.
    """
    m = len(stays.person)
    labels = np.zeros((m, 2), dtype=np.int8)
    limit = stays.end + READMISSION_DAYS * DAY_MINUTES
    # Up to three stays may follow within the 30 days; the first may be a planned one.
    for step in range(1, 4):
        here, there = np.arange(m - step), np.arange(step, m)
        follows = (stays.person[here] == stays.person[there]) & (stays.start[there] <= limit[here])
        follows &= ~stays.planned[there]
        labels[here[follows], 0] = 1
        same = follows & (stays.hospital[here] == stays.hospital[there])
        labels[here[same], 1] = 1
    died = np.floor(stays.end / DAY_MINUTES) >= maker.who.death_day[stays.person]
    labels[died | (limit >= WINDOW_DAYS * DAY_MINUTES)] = -1
    return labels


def _outside(maker: Maker, short: Contacts, stays: Contacts) -> np.ndarray:
    """Which short contacts are not in the middle of a hospital stay of the same person: bool."""
    if not len(stays.person):
        return np.ones(len(short.person), dtype=bool)
    place = np.searchsorted(stays.person * TURN + stays.start, short.person * TURN + short.start, side="right") - 1
    place = np.maximum(place, 0)
    return (
        (stays.person[place] != short.person) | (stays.end[place] <= short.start) | (stays.start[place] > short.start)
    )


def _encounters(
    ctx: Block, maker: Maker, made: dict[str, pl.DataFrame], contacts: Contacts, label: np.ndarray, ids: np.ndarray
) -> pl.DataFrame:
    ref, rng, who = maker.ref, maker.rng, maker.who
    person, kind = contacts.person, contacts.kind
    stay = kind == INPATIENT
    office = ctx.pools.personnel["organisation_id"].to_numpy()[
        _staff_rows(ctx)[made["persons"]["gp_hpr"].to_numpy() - FIRST_HPR_NUMBER]
    ]
    organisation = np.where(kind == GP, office[person], np.array(HOSPITAL_IDS)[contacts.hospital])
    general = ref.specialties.index("general_practice")
    specialty = np.where(kind == GP, general, ref.specialty_of[contacts.reason])

    # How the stay ended.
    died = stay & (contacts.end // DAY_MINUTES >= who.death_day[person])
    length = (contacts.end - contacts.start) // DAY_MINUTES
    need = np.clip((who.age[person] - 70) / 40, 0, 0.6) + 0.02 * np.minimum(length, 15)
    draw = rng.random(len(person))
    to = np.where(draw < 0.25 * need, 2, np.where(draw < need, 1, np.where(draw > 0.985, 3, 0)))
    to[died] = len(DISCHARGED) - 1

    so_far = np.cumsum(stay) - stay
    first = np.searchsorted(person, np.arange(maker.n))
    before = so_far - np.append(so_far, 0)[np.minimum(first, len(so_far))][person]
    return pl.DataFrame(
        {
            "encounter_id": ids,
            "person_id": who.person_id[person],
            "organisation_id": pl.Series(organisation.astype(np.int32)),
            "kind": enum(kind, KINDS),
            "specialty": enum(specialty, ref.specialties),
            "start": moments(contacts.start),
            "end": moments(contacts.end),
            "length_of_stay_days": with_nulls(pl.Series(length.astype(np.int16)), ~stay),
            "urgency": enum(contacts.planned.astype(np.int8), URGENCY),
            "discharged_to": enum(to, DISCHARGED, ~stay),
            "previous_admissions": pl.Series(before.astype(np.int16)),
            "readmitted_30d": with_nulls(pl.Series(label[:, 0] == 1), label[:, 0] < 0),
            "readmitted_30d_recorded": with_nulls(pl.Series(label[:, 1] == 1), label[:, 1] < 0),
        }
    )


def _staff_rows(ctx: Block) -> np.ndarray:
    """Row of `personnel` of each HPR number, counted from the first."""
    numbers = ctx.pools.personnel["hpr_number"].to_numpy() - FIRST_HPR_NUMBER
    rows = np.empty(len(numbers), dtype=np.int64)
    rows[numbers] = np.arange(len(numbers))
    return rows


def _diagnoses(ctx: Block, maker: Maker, contacts: Contacts, ids: np.ndarray) -> pl.DataFrame:
    """The main diagnosis of every contact, and some of the conditions that the person has at the time."""
    ref, who = maker.ref, maker.who
    rng = ctx.rng("diagnoses")
    plan = ref.causal["coding"]
    person = contacts.person
    day = contacts.start // DAY_MINUTES
    chance = np.array(plan["secondary"])[contacts.kind]
    chance = chance * np.where(contacts.kind == GP, 1.0, np.array(plan["hospital"])[contacts.hospital])
    chance = chance * np.where(who.interpreter[person], plan["interpreter_needed"], 1.0)
    # Pairs of a contact and a condition of its person.
    count = maker.pair_count[person]
    contact = np.repeat(np.arange(len(person)), count)
    within = np.arange(len(contact)) - np.repeat(np.cumsum(count) - count, count)
    pair = np.repeat(maker.pair_start[person], count) + within
    coded = rng.random(len(contact), dtype=np.float32) < np.repeat(chance, count).astype(np.float32)
    contact, pair = contact[coded], pair[coded]
    condition = maker.pair_condition[pair].astype(np.int64)
    known = maker.onset[person[contact], condition] <= day[contact]
    known &= condition != contacts.reason[contact]
    contact, condition = contact[known], condition[known]

    # Main and secondary diagnoses in the order of the contacts, each at its place.
    extra = np.bincount(contact, minlength=len(person))
    rank = np.arange(len(contact)) - np.repeat(np.cumsum(extra) - extra, extra) + 2
    place = np.arange(len(contact)) + contact + 1
    main = np.arange(len(person)) + np.cumsum(extra) - extra
    size = len(person) + len(contact)
    of, code, order = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    of[main], of[place] = np.arange(len(person)), contact
    code[main], code[place] = contacts.reason, condition
    order[main], order[place] = 1, rank
    gp = contacts.kind[of] == GP
    names, number = distinct(ref.icd10 + ref.icpc2)
    return pl.DataFrame(
        {
            "diagnosis_id": ids[of] * DIAGNOSIS_STEP + order,
            "encounter_id": ids[of],
            "person_id": who.person_id[person[of]],
            "system": enum(gp.astype(np.int8), SYSTEMS),
            "code": enum(number[code + len(ref.icd10) * gp], names),
            "rank": pl.Series(order.astype(np.int8)),
            "recorded": dates(day[of].astype(np.float64)),
        }
    )
