"""What happens to a person in 2025, to be predicted from what was known at the end of 2024."""

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import with_nulls
from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    DAY_MINUTES,
    EPOCH_DAY,
    INDEX_DAY,
    WINDOW_DAYS,
    YEAR,
    People,
    onset_days,
    people,
    reference,
    sigmoid,
    taking,
    trait,
    traits,
)

FALL_AGE = 65
DIABETES_AGE = 40


def draw_falls(ctx: Block, who: People, made: dict[str, pl.DataFrame]) -> np.ndarray:
    """Who has a fall that a health service sees, in 2024 and in 2025: bool (n, 2). Only persons of 65 and over.

    The log-odds are linear, with the coefficients of causal.toml; a fall in 2024 raises the odds in 2025. `encounters`
    and `outcomes` both call this and get the same.
    """
    ref = reference()
    plan = ref.causal["fall"]
    rng = ctx.rng("outcomes")
    onset = onset_days(who, made["conditions"])
    age = (INDEX_DAY - who.birth_day) / np.float32(YEAR)
    odds = plan["intercept"] + plan["age_decades_over_65"] * (age - FALL_AGE) / 10 + plan["female"] * who.female
    odds = odds + plan["frailty"] * traits(ctx, who)[:, trait("frailty")] + plan["living_alone"] * who.living_alone
    for slug, effect in plan["conditions"].items():
        odds += effect * (onset[:, ref.condition(slug)] < INDEX_DAY)
    for prefix, effect in plan["medication_groups"].items():
        odds += effect * taking(who, made["medications"], (prefix,))
    falls = np.zeros((len(odds), 2), dtype=bool)
    old_enough = age >= FALL_AGE
    for year, first in enumerate((0, INDEX_DAY)):
        drawn = rng.random(len(odds)) < sigmoid(odds + plan["earlier_fall"] * falls[:, 0] * year)
        falls[:, year] = drawn & old_enough & (who.end_day > first + 1)
    return falls


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the table `outcomes` of one block: one row for each person alive at the start of 2025.

    An outcome is null for who cannot have it: falls below 65 years, onset of diabetes below 40 or with diabetes.
    """
    ref = reference()
    who = people(made)
    age = (INDEX_DAY - who.birth_day) / np.float32(YEAR)
    falls = draw_falls(ctx, who, made)
    onset = onset_days(who, made["conditions"])
    type_1, type_2 = onset[:, ref.condition("diabetes_type_1")], onset[:, ref.condition("diabetes_type_2")]
    at_risk = (age >= DIABETES_AGE) & (type_1 >= INDEX_DAY) & (type_2 >= INDEX_DAY)

    encounters = made["encounters"]
    start = encounters["start"].to_physical().to_numpy() // 60_000_000 - EPOCH_DAY * DAY_MINUTES
    stay = (encounters["kind"] == "inpatient").to_numpy() & (start >= INDEX_DAY * DAY_MINUTES)
    admitted = np.zeros(len(age), dtype=bool)
    admitted[encounters["person_id"].to_numpy()[stay] - who.person_id[0]] = True

    rows = np.flatnonzero((who.birth_day < INDEX_DAY) & (who.death_day >= INDEX_DAY))
    return {
        "outcomes": pl.DataFrame(
            {
                "person_id": who.person_id[rows],
                "fall_12m": with_nulls(pl.Series(falls[rows, 1]), age[rows] < FALL_AGE),
                "diabetes_onset_12m": with_nulls(pl.Series((type_2 < WINDOW_DAYS)[rows]), ~at_risk[rows]),
                "admitted_12m": pl.Series(admitted[rows]),
                "died_12m": pl.Series(who.death_day[rows] < WINDOW_DAYS),
            }
        )
    }
