"""Laboratory results of the samples taken at contacts.

On its scale (natural or logarithmic) a result is the sum of the analysis' centre, age, sex, the effects of conditions,
medications and of the contact's reason, a value of the person's own, and noise. Coefficients: laboratory.csv and
laboratory_effects.csv. A condition shows in part before its onset (causal.toml, `prodrome`).
"""

import functools

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import with_nulls
from hipkit.datasets.generator.block import Block
from hipkit.datasets.generator.clinical import (
    DAY_MINUTES,
    EPOCH_DAY,
    NEVER,
    as_days,
    distinct,
    enum,
    moments,
    onset_days,
    people,
    read_reference,
    reference,
)

# result_id = encounter_id * 100 + row of laboratory.csv.
RESULT_STEP = 100
KINDS = ("p_gp", "p_outpatient", "p_emergency", "p_inpatient")
ERRORS = ("wrong_unit", "no_result")
# The first signs show for so long before onset.
PRODROME_DAYS = 730


@functools.cache
def _tables() -> tuple[list[dict[str, str]], dict[str, list[dict[str, str]]]]:
    analyses = read_reference("laboratory.csv")
    effects: dict[str, list[dict[str, str]]] = {row["analysis"]: [] for row in analyses}
    for row in read_reference("laboratory_effects.csv"):
        effects[row["analysis"]].append(row)
    return analyses, effects


def first_taken(medications: pl.DataFrame, n: int, first_id: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Day on which each person first took each substance, (n, substances) float32, and the ATC codes of the columns."""
    codes = tuple(medications["atc"].dtype.categories)
    day = np.full((n, len(codes)), NEVER, dtype=np.float32)
    person = medications["person_id"].to_numpy() - first_id
    np.minimum.at(day, (person, medications["atc"].to_physical().to_numpy()), as_days(medications["start_date"]))
    return day, codes


def main_codes(made: dict[str, pl.DataFrame]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Number of the main diagnosis' code of every contact, in the contacts' order, and the codes."""
    diagnoses = made["diagnoses"]
    rows = diagnoses["rank"].to_numpy() == 1
    return diagnoses["code"].to_physical().to_numpy()[rows], tuple(diagnoses["code"].dtype.categories)


def codes_of(slug: str, names: tuple[str, ...]) -> list[int]:
    """Numbers in `names` of a reason's codes in both systems."""
    ref = reference()
    place = ref.reason(slug)
    return [names.index(ref.icd10[place]), names.index(ref.icpc2[place])]


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the table `lab_results` of one block."""
    ref = reference()
    analyses, effects = _tables()
    who = people(made)
    rng = ctx.rng("lab_results")
    n = len(who.age)
    encounters = made["encounters"]
    kind = encounters["kind"].to_physical().to_numpy()
    sampled = np.flatnonzero(rng.random(len(kind)) < np.array(ref.causal["laboratory"]["sample"])[kind])
    kind = kind[sampled]
    person = encounters["person_id"].to_numpy()[sampled] - who.person_id[0]
    start = encounters["start"].to_physical().to_numpy()[sampled] // 60_000_000 - EPOCH_DAY * DAY_MINUTES
    day = (start / DAY_MINUTES).astype(np.float32)
    onset = onset_days(who, made["conditions"])
    taken, atc = first_taken(made["medications"], n, ctx.first_person_id)
    main, names = main_codes(made)
    main = main[sampled]

    # What is analysed: by kind of contact, and more often where a condition or a medication is followed up.
    ordered = np.empty((len(sampled), len(analyses)), dtype=bool)
    draw = rng.random(ordered.shape, dtype=np.float32)
    for column, row in enumerate(analyses):
        chance = np.array([float(row[name]) for name in KINDS], dtype=np.float32)[kind]
        missed = np.ones(len(sampled), dtype=np.float32)
        for effect in effects[row["analysis"]]:
            if (extra := float(effect["monitoring"])) > 0:
                missed[_since(effect, ref, onset, taken, atc)[person] <= day] *= 1 - extra
        ordered[:, column] = draw[:, column] < 1 - (1 - chance) * missed
    sample, analysis = np.nonzero(ordered)

    own = rng.standard_normal((n, len(analyses)), dtype=np.float32)
    noise = rng.standard_normal(len(sample), dtype=np.float32)
    value = np.empty(len(sample))
    for column, row in enumerate(analyses):
        rows = np.flatnonzero(analysis == column)
        at, who_is = sample[rows], person[sample[rows]]
        logarithm = row["scale"] == "log"
        age = who.age[who_is]
        x = np.log(float(row["centre"])) if logarithm else float(row["centre"])
        x = x + float(row["per_decade"]) * (age - 50) / 10 + float(row["female"]) * who.female[who_is]
        x = x + float(row["per_year_below_15"]) * np.maximum(15 - age, 0)
        for effect in effects[row["analysis"]]:
            size = float(effect["effect"])
            if effect["kind"] == "reason":
                x += size * np.isin(main[at], codes_of(effect["driver"], names))
                continue
            since = _since(effect, ref, onset, taken, atc)[who_is]
            x += size * (since <= day[at])
            if effect["kind"] == "condition":
                early = (since > day[at]) & (since < day[at] + PRODROME_DAYS)
                x += size * ref.causal["prodrome"]["share"] * early
        x = x + float(row["sd_between"]) * own[who_is, column] + float(row["sd_within"]) * noise[rows]
        value[rows] = np.maximum(
            np.round(np.exp(x) if logarithm else x, int(row["decimals"])), 10 ** -int(row["decimals"])
        )

    error = np.full(len(sample), -1)
    wrong = rng.random(len(sample)) < ref.causal["errors"]["laboratory_wrong_unit"]
    wrong &= np.array([row["wrong_unit"] != "" for row in analyses])[analysis]
    factor = np.array([float(row["wrong_unit_factor"]) for row in analyses])
    offset = np.array([float(row["wrong_unit_offset"]) for row in analyses])
    value[wrong] = np.round(value[wrong] * factor[analysis[wrong]] + offset[analysis[wrong]], 2)
    none = rng.random(len(sample)) < ref.causal["errors"]["laboratory_no_result"]
    error[wrong], error[none] = 0, 1

    female = who.female[person[sample]].astype(np.int64)
    low = np.array([[float(row[f"ref_low_{sex}"]) for row in analyses] for sex in "mf"])
    high = np.array([[float(row[f"ref_high_{sex}"]) for row in analyses] for sex in "mf"])
    columns = {key: distinct(tuple(row[key] for row in analyses)) for key in ("nlk", "loinc", "unit")}
    encounter_id = encounters["encounter_id"].to_numpy()[sampled][sample]
    minute = start[sample] + rng.integers(5, 20, len(sampled))[sample]
    return {
        "lab_results": pl.DataFrame(
            {
                "result_id": encounter_id * RESULT_STEP + analysis,
                "person_id": who.person_id[person[sample]],
                "encounter_id": encounter_id,
                "analysis": enum(analysis, tuple(row["analysis"] for row in analyses)),
                "nlk": enum(columns["nlk"][1][analysis], columns["nlk"][0]),
                "loinc": enum(columns["loinc"][1][analysis], columns["loinc"][0]),
                "value": with_nulls(pl.Series(value), none),
                "unit": enum(columns["unit"][1][analysis], columns["unit"][0]),
                "ref_low": pl.Series(low[female, analysis].astype(np.float32)),
                "ref_high": pl.Series(high[female, analysis].astype(np.float32)),
                "taken_at": moments(minute),
                "error_kind": enum(np.maximum(error, 0), ERRORS, error < 0),
            }
        )
    }


def _since(effect: dict[str, str], ref, onset: np.ndarray, taken: np.ndarray, atc: tuple[str, ...]) -> np.ndarray:
    """Day since which a driver of a result holds, (n,) float32; never for the reason of a contact."""
    if effect["kind"] == "condition":
        return onset[:, ref.condition(effect["driver"])]
    if effect["kind"] == "medication":
        return taken[:, atc.index(effect["driver"])]
    return np.full(len(onset), NEVER, dtype=np.float32)
