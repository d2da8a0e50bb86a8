"""Chronic conditions: which person has which, and since when.

Each common condition has a liability, the weighted sum of a person's unseen traits and of noise of its own; the person
has it when the liability passes a threshold set by age band and sex. Prevalences are therefore met whatever the
weights, and conditions that share a trait occur together (the liability-threshold model of D. S. Falconer, 1965).
Rare conditions are drawn on their own.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    YEAR,
    by_sex,
    dates,
    distinct,
    draw_traits,
    enum,
    people,
    reference,
    thresholds,
)


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the table `conditions` of one block from its persons."""
    ref = reference()
    who = people(made)
    n = len(who.age)
    rng = ctx.rng("conditions")
    hidden = draw_traits(rng, who)

    women = np.bincount(who.band, who.female, minlength=5) / np.maximum(np.bincount(who.band, minlength=5), 1)
    group = who.band * 2 + who.female
    liability = rng.standard_normal((n, ref.n_common), dtype=np.float32)
    liability *= ref.residual
    liability += hidden @ ref.loadings
    has = np.zeros((n, len(ref.conditions)), dtype=bool)
    np.greater(liability, thresholds(women).reshape(-1, ref.n_common)[group], out=has[:, : ref.n_common])

    # A rare condition: a number of persons in each group of age and sex, then that many of them.
    rare = by_sex(ref.prevalence[:, ref.n_common :], women, slice(ref.n_common, None)).reshape(10, -1)
    members = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group, minlength=10))[:-1])
    for people_of_group, chances in zip(members, rare, strict=True):
        for column, count in enumerate(rng.binomial(len(people_of_group), chances)):
            has[rng.choice(people_of_group, count, replace=False), ref.n_common + column] = True

    person, condition = np.nonzero(has)
    age = who.age[person]
    # Years since onset: exponential with the condition's mean, cut off at the age when the condition can begin.
    span = np.maximum(age - ref.min_onset_age[condition], 0.05 * age)
    mean = ref.mean_duration[condition]
    duration = -mean * np.log1p(-rng.random(len(person)) * -np.expm1(-span / mean))
    onset = np.maximum(who.end_day[person] - 1 - duration * YEAR, who.birth_day[person])
    icd10_names, icd10_of = distinct(ref.icd10)
    icpc2_names, icpc2_of = distinct(ref.icpc2)
    return {
        "conditions": pl.DataFrame(
            {
                "person_id": who.person_id[person],
                "condition": enum(condition, ref.conditions),
                "onset_date": dates(onset),
                "icd10": enum(icd10_of[condition], icd10_names),
                "icpc2": enum(icpc2_of[condition], icpc2_names),
                "rare": condition >= ref.n_common,
            }
        )
    }
