"""Vital signs measured at contacts: sums of age, sex, conditions, medications, the contact's reason and noise.

Coefficients: causal.toml, `vital_signs`.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import with_nulls
from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    DAY_MINUTES,
    EPOCH_DAY,
    moments,
    onset_days,
    people,
    reference,
    taking,
    trait,
    traits,
)
from hipkit.datasets.generator.lab_results import codes_of, main_codes

# vital_id = encounter_id * 10 + number of the measurement in the contact.
VITAL_STEP = 10
SIGNS = ("systolic", "diastolic", "heart_rate", "breaths", "body_temperature", "saturation")
LIMITS = {"systolic": (55, 260), "diastolic": (25, 150), "heart_rate": (30, 220), "breaths": (6, 60)}
LIMITS |= {"body_temperature": (33.0, 42.0), "saturation": (60, 100)}
ADULT = 18


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the table `vital_signs` of one block: one row a contact with a measurement."""
    ref = reference()
    plan = ref.causal["vital_signs"]
    who = people(made)
    rng = ctx.rng("vital_signs")
    encounters = made["encounters"]
    kind = encounters["kind"].to_physical().to_numpy()
    rows = np.flatnonzero(rng.random(len(kind)) < np.array(plan["share"])[kind])
    kind = kind[rows]
    person = encounters["person_id"].to_numpy()[rows] - who.person_id[0]
    start = encounters["start"].to_physical().to_numpy()[rows] // 60_000_000 - EPOCH_DAY * DAY_MINUTES
    day = (start / DAY_MINUTES).astype(np.float32)
    onset = onset_days(who, made["conditions"])
    main, names = main_codes(made)
    main = main[rows]

    usual = rng.standard_normal((len(who.age), len(SIGNS)), dtype=np.float32)
    noise = rng.standard_normal((len(rows), len(SIGNS)), dtype=np.float32)
    child = np.maximum(ADULT - who.age, 0)
    # Children: blood pressure is lower, heart and breath are faster.
    childhood = {"systolic": -1.6, "diastolic": -0.8, "heart_rate": 2.4, "breaths": 0.7}
    values = {}
    for column, sign in enumerate(SIGNS):
        terms = plan[sign]
        level = terms["mean"] + terms["per_year"] * (np.maximum(who.age, ADULT) - 50) + terms["female"] * who.female
        level += terms["between"] * usual[:, column] + childhood.get(sign, 0.0) * child
        for prefix, effect in terms["medications"].items():
            level += effect * taking(who, made["medications"], (prefix,))
        x = level[person] + terms["within"] * noise[:, column]
        for slug, effect in terms["effects"].items():
            x += effect * (onset[person, ref.condition(slug)] <= day)
        for slug, effect in terms["reasons"].items():
            x += effect * np.isin(main, codes_of(slug, names))
        values[sign] = np.clip(x, *LIMITS[sign])
    high = np.maximum(values["systolic"], values["diastolic"] + 15).astype(np.int16)
    low = values["diastolic"].astype(np.int16)
    swapped = rng.random(len(rows)) < ref.causal["errors"]["vital_signs_transposed"]

    def part(name: str) -> np.ndarray:
        return rng.random(len(rows)) >= np.array(plan[name])[kind]

    height, weight = _bodies(ctx, who, onset, rng)
    no_body = part("height_and_weight")
    scale = np.round(weight[person] + rng.normal(0, 0.8, len(rows)), 1)
    encounter_id = encounters["encounter_id"].to_numpy()[rows]
    return {
        "vital_signs": pl.DataFrame(
            {
                "vital_id": encounter_id * VITAL_STEP,
                "person_id": who.person_id[person],
                "encounter_id": encounter_id,
                "measured_at": moments(start + rng.integers(1, 5, len(rows))),
                "systolic": pl.Series(np.where(swapped, low, high)),
                "diastolic": pl.Series(np.where(swapped, high, low)),
                "heart_rate": pl.Series(values["heart_rate"].astype(np.int16)),
                "respiratory_rate": with_nulls(pl.Series(values["breaths"].astype(np.int16)), part("respiratory_rate")),
                "temperature": with_nulls(
                    pl.Series(np.round(values["body_temperature"], 1).astype(np.float32)), part("temperature")
                ),
                "spo2": with_nulls(pl.Series(np.round(values["saturation"]).astype(np.int16)), part("spo2")),
                "height": with_nulls(pl.Series(np.round(height[person]).astype(np.float32)), no_body),
                "weight": with_nulls(pl.Series(np.maximum(scale, 2.0).astype(np.float32)), no_body),
                "transposed": pl.Series(swapped),
            }
        )
    }


def _bodies(ctx: Block, who, onset: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Height in cm and weight in kg of every person, (n,)."""
    ref = reference()
    plan = ref.causal["vital_signs"]["body"]
    adult = np.where(who.female, plan["height_female"], plan["height_male"])
    adult = adult + plan["height_sd"] * rng.standard_normal(len(adult))
    adult += plan["height_per_year_over_50"] * np.maximum(who.age - 50, 0)
    first = plan["height_at_birth"] + 22 * np.minimum(who.age, 1) + plan["growth_per_year"] * np.maximum(who.age - 1, 0)
    height = np.minimum(first, adult)
    index = plan["index_mean"] + plan["index_sd"] * rng.standard_normal(len(adult))
    index += plan["index_cardiometabolic"] * traits(ctx, who)[:, trait("cardiometabolic")]
    grown = np.clip((who.age - 5) / (ADULT - 5), 0, 1)
    index = plan["index_child"] + (index - plan["index_child"]) * (0.15 + 0.85 * grown)
    index += plan["index_obesity"] * np.isfinite(onset[:, ref.condition("obesity")]) * (0.4 + 0.6 * grown)
    return height, np.maximum(index, 12.5) * (height / 100) ** 2
