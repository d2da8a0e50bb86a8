"""Prescriptions: long-term medication given a person's conditions, and the courses that anybody may need."""

import functools

import numpy as np
import polars as pl

from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    BANDS,
    WINDOW_DAYS,
    as_days,
    dates,
    distinct,
    enum,
    people,
    read_reference,
    reference,
)

# prescription_id = person_id * 1000 + row of medications.csv * COURSES + course.
COURSES = 8
# Planning values: mean days from onset to the first prescription, share of long-term medication that was stopped.
DELAY_DAYS = 45
STOPPED = 0.12


@functools.cache
def _medications() -> tuple[list[dict[str, str]], dict[str, dict[str, str]]]:
    general = {row["group"]: row for row in read_reference("medications_general.csv")}
    return read_reference("medications.csv"), general


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the table `medications` of one block from its persons and conditions."""
    ref = reference()
    table, general = _medications()
    who = people(made)
    rng = ctx.rng("medications")

    person_of = made["conditions"]["person_id"].to_numpy() - who.person_id[0]
    code_of = made["conditions"]["condition"].to_physical().to_numpy()
    onset_of = as_days(made["conditions"]["onset_date"])
    order = np.argsort(code_of, kind="stable")
    ends = np.cumsum(np.bincount(code_of, minlength=len(ref.conditions)))

    parts = []
    for row, medicine in enumerate(table):
        if medicine["driver"]:
            condition = ref.condition(medicine["driver"])
            rows = order[ends[condition] - np.count_nonzero(code_of == condition) : ends[condition]]
            chosen = rng.random(len(rows)) < float(medicine["probability"])
            rows = rows[chosen & (who.age[person_of[rows]] >= float(medicine["min_age"]))]
            start = np.floor(onset_of[rows] + rng.exponential(DELAY_DAYS, len(rows)))
            stopped = rng.random(len(rows)) < STOPPED
            end = np.where(stopped, start + rng.random(len(rows)) * (WINDOW_DAYS - start), np.inf)
            parts.append((person_of[rows], row, 0, condition, start, end))
        else:
            group = general[medicine["group"]]
            chance = np.array([float(group[f"p_{band}"]) / 100 for band in BANDS])
            for course in range(int(group["courses"])):
                users = np.flatnonzero(rng.random(len(who.age)) < chance[who.band])
                users = users[who.age[users] >= float(medicine["min_age"])]
                start = np.floor(rng.random(len(users)) * WINDOW_DAYS)
                end = start + float(group["course_days"])
                parts.append((users, row, course, -1, start, end))

    length = [len(part[0]) for part in parts]
    person = np.concatenate([part[0] for part in parts])
    row, course, condition = (np.repeat([part[k] for part in parts], length) for k in (1, 2, 3))
    start, end = (np.concatenate([part[k] for part in parts]) for k in (4, 5))

    # One prescription of a substance a person: who has two reasons for it gets it for the first in the file.
    names, atc_of = distinct(tuple(medicine["atc"] for medicine in table))
    death = who.death_day[person]
    end = np.where(end >= WINDOW_DAYS, np.inf, np.floor(end))
    end = np.where(death < WINDOW_DAYS, np.minimum(end, death), end)
    fits = (start >= who.birth_day[person]) & (start < who.end_day[person]) & (end >= 0) & (end >= start)
    key = (person * len(names) + atc_of[row]) * (len(table) * COURSES) + row * COURSES + course
    kept = np.flatnonzero(fits)
    kept = kept[np.argsort(key[kept])]
    substance, reason_row = key[kept] // (len(table) * COURSES), row[kept]
    leader = np.r_[True, substance[1:] != substance[:-1]] if len(kept) else np.zeros(0, dtype=bool)
    first_row = reason_row[np.flatnonzero(leader)][np.cumsum(leader) - 1] if len(kept) else reason_row
    kept = kept[reason_row == first_row]
    person, row, course, condition = person[kept], row[kept], course[kept], condition[kept]

    return {
        "medications": pl.DataFrame(
            {
                "prescription_id": who.person_id[person] * 1000 + row * COURSES + course,
                "person_id": who.person_id[person],
                "atc": enum(atc_of[row], names),
                "start_date": dates(start[kept]),
                "end_date": dates(end[kept]),
                "dose_text": enum(*_doses(table, row)),
                "condition": enum(np.maximum(condition, 0), ref.conditions, condition < 0),
                "prescriber_hpr": made["persons"]["gp_hpr"].gather(person),
            }
        )
    }


def _doses(table: list[dict[str, str]], row: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    names, dose_of = distinct(tuple(medicine["dose_text_nb"] for medicine in table))
    return dose_of[row], names
