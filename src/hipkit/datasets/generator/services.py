"""Municipal services, and the events that welfare technology sends.

`build` makes both tables. A service's share of persons in each age band is that of services.csv; who gets it follows
from conditions, from living alone and from unseen frailty.
"""

import functools

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import rank_in_group, with_nulls
from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    BANDS,
    DAY_MINUTES,
    WINDOW_DAYS,
    YEAR,
    dates,
    enum,
    moments,
    numbers,
    onset_days,
    people,
    read_reference,
    reference,
    trait,
    traits,
)

EVENTS = (
    "alarm_pressed",
    "fall_detected",
    "no_answer",
    "test",
    "door_opened",
    "out_of_bed",
    "left_zone",
    "low_battery",
    "dose_taken",
    "dose_missed",
)
# Planning values: what a device sends, as shares of its events.
MIX = {
    "safety_alarm": {"alarm_pressed": 0.42, "fall_detected": 0.06, "no_answer": 0.06, "test": 0.46},
    "digital_supervision": {"door_opened": 0.40, "out_of_bed": 0.55, "fall_detected": 0.05},
    "gps": {"left_zone": 0.70, "low_battery": 0.30},
    "medicine_dispenser": {"dose_taken": 0.96, "dose_missed": 0.04},
}
ANSWERED = ("alarm_pressed", "fall_detected", "no_answer", "left_zone", "dose_missed")
# Events are kept for a year: the municipality deletes older ones.
KEPT_DAYS = 365
DRIVERS = ("dementia", "parkinsons_disease", "prior_stroke", "heart_failure")
MOST = 0.95
# Fewer than this many rows of services a person, and of events a person.
SERVICE_STEP, EVENT_STEP = 100, 100_000


@functools.cache
def _services() -> list[dict[str, str]]:
    return read_reference("services.csv")


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make `municipal_services` and `welfare_events` of one block from its persons and conditions."""
    table = _services()
    ref = reference()
    who = people(made)
    rng = ctx.rng("municipal_services")
    n = len(who.age)
    shares = numbers(table, [f"p_{band}" for band in BANDS]) / 100
    effects = numbers(table, [*DRIVERS, "living_alone", "frailty"]).astype(np.float32)
    length = numbers(table, ["mean_duration_years"])[:, 0]
    hours = numbers(table, ["mean_hours_per_week"])[:, 0]

    onset = onset_days(who, made["conditions"])
    drivers = [np.isfinite(onset[:, ref.condition(name)]) for name in DRIVERS]
    frailty = traits(ctx, who)[:, trait("frailty")]
    x = np.column_stack([*drivers, who.living_alone, frailty]).astype(np.float32)
    members = np.maximum(np.bincount(who.band, minlength=len(BANDS)), 1)
    persons, services = [], []
    for service in range(len(table)):
        weight = np.exp(x @ effects[service])
        mean = np.bincount(who.band, weight, minlength=len(BANDS)) / members
        scale = np.divide(shares[service], mean, out=np.zeros(len(BANDS)), where=mean > 0)
        chosen = np.flatnonzero(rng.random(n) < np.minimum(weight * scale[who.band], MOST))
        persons.append(chosen)
        services.append(np.full(len(chosen), service))
    person, service = np.concatenate(persons), np.concatenate(services)
    order = np.argsort(person * len(table) + service)
    person, service = person[order], service[order]

    # The service runs today or until death: the time so far is exponential, not longer than life.
    end = who.end_day[person]
    start = np.floor(np.maximum(end - 1 - rng.exponential(length[service]) * YEAR, who.birth_day[person]))
    kept = end > 0
    person, service, start, end = person[kept], service[kept], start[kept], end[kept]
    alive = end >= WINDOW_DAYS
    service_id = who.person_id[person] * SERVICE_STEP + service
    weekly = np.maximum(np.round(rng.gamma(2.0, np.maximum(hours[service], 0.1) / 2) * 2) / 2, 0.5).astype(np.float32)
    names = tuple(row["service"] for row in table)
    return {
        "municipal_services": pl.DataFrame(
            {
                "service_id": service_id,
                "person_id": who.person_id[person],
                "municipality_code": made["persons"]["municipality_code"].gather(person),
                "service": enum(service, names),
                "start_date": dates(start),
                "end_date": dates(np.where(alive, np.inf, end)),
                "hours_per_week": with_nulls(pl.Series(weekly), hours[service] == 0),
            }
        ),
        "welfare_events": _events(ctx, who.person_id[person], service, start, np.minimum(end, WINDOW_DAYS)),
    }


def _events(ctx: Block, person_id: np.ndarray, service: np.ndarray, start: np.ndarray, end: np.ndarray) -> pl.DataFrame:
    """Events of the last year of the services (m,) that have a device."""
    table = _services()
    rng = ctx.rng("welfare_events")
    names = tuple(row["service"] for row in table)
    rate = numbers(table, ["events_per_year"])[:, 0][service]
    first = np.maximum(start, WINDOW_DAYS - KEPT_DAYS)
    days = np.maximum(end - first, 0)
    dispenser = service == names.index("medicine_dispenser")
    # A dispenser gives a dose at the same hour every day; the other devices send when something happens.
    count = np.where(dispenser, np.floor(days), rng.poisson(rate * days / KEPT_DAYS)).astype(np.int64)
    row = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    hour = rng.integers(7 * 60, 10 * 60, len(count))
    late = rng.gamma(1.5, 12.0, len(row))
    random_minute = rng.random(len(row)) * days[row] * DAY_MINUTES
    minute = np.where(dispenser[row], number * DAY_MINUTES + hour[row] + np.minimum(late, 240), random_minute)
    minute = (first[row] * DAY_MINUTES + minute).astype(np.int64)

    draw = rng.random(len(row))
    event = np.zeros(len(row), dtype=np.int64)
    for name, mix in MIX.items():
        rows = np.flatnonzero(service[row] == names.index(name))
        codes = np.array([EVENTS.index(one) for one in mix])
        place = np.searchsorted(np.cumsum(list(mix.values())), draw[rows], side="right")
        event[rows] = codes[np.minimum(place, len(codes) - 1)]
    answered = np.isin(event, [EVENTS.index(name) for name in ANSWERED])
    response = np.minimum(np.ceil(rng.lognormal(2.6, 0.7, len(row))), 240).astype(np.int16)

    key = np.argsort(person_id[row] * (WINDOW_DAYS * DAY_MINUTES) + minute, kind="stable")
    person = person_id[row][key]
    return pl.DataFrame(
        {
            "event_id": person * EVENT_STEP + rank_in_group(person),
            "person_id": person,
            "service": enum(service[row][key], names),
            "at": moments(minute[key]),
            "event": enum(event[key], EVENTS),
            "response_minutes": with_nulls(pl.Series(response[key]), ~answered[key]),
        }
    )
