"""How two registers see the persons: the hospital's and the municipality's, each with its errors and duplicates.

Made for record linkage and data quality. The truth is in `person_id` and `error_kind`. Declared rates:
datasets/reference/errors.toml. A wrong national identity number keeps its month field (81-92), so no error can turn a
synthetic number into one that a person may have; and its control digits fail under the present rule and the rule of
2032, so that a check finds it.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import banded, date_series, enum_series, fixed_digits, with_nulls
from hipkit.datasets.generator.block import REFERENCE_DATE, Block
from hipkit.datasets.generator.organisations import FIRST_MUNICIPALITY_ID
from hipkit.datasets.generator.pools import read_planning
from hipkit.datasets.scanner import passes_control

FIRST_FREE_DIGIT = 6  # the individual and control digits are places 6-10; the birth date stands before them
MOST_RECORDS = 4  # of one person
KINDS = [
    "swapped_digits",
    "wrong_digit",
    "missing_national_id",
    "wrong_birth_date",
    "misspelt_name",
    "old_address",
    "duplicate_old_name",
    "duplicate",
]
NO_ERROR = len(KINDS)


def wrong_numbers(rng: np.random.Generator, digits: np.ndarray, swap: np.ndarray) -> np.ndarray:
    """Numbers with an error that a check finds.

    Args:
        rng: random stream.
        digits: uint8 (n, 11), right numbers.
        swap: bool (n,), true to swap two neighbouring digits, false to change one digit.

    Returns:
        uint8 (n, 11): places 0-5 as they were, control digits that fail under the present and the 2032 rule. Where no
        swap does that, one digit is changed instead.
    """
    wrong = digits.copy()
    todo = np.arange(len(digits))
    place = rng.integers(FIRST_FREE_DIGIT, 11, len(digits))
    step = rng.integers(1, 10, len(digits))
    # Round by round another place and another digit: 4 swaps, then 45 changes, of which at least one fails the rules.
    for attempt in range(50):
        rows = todo
        trial = digits[rows].copy()
        at = (place[rows] - FIRST_FREE_DIGIT + attempt) % 5 + FIRST_FREE_DIGIT
        line = np.arange(len(rows))
        left = (at - FIRST_FREE_DIGIT) % 4 + FIRST_FREE_DIGIT
        swapped = trial.copy()
        swapped[line, left], swapped[line, left + 1] = trial[line, left + 1], trial[line, left]
        changed = trial
        changed[line, at] = (changed[line, at] + (step[rows] + attempt // 5 - 1) % 9 + 1) % 10
        trial = np.where((swap[rows] & (attempt < 5))[:, None], swapped, changed)
        good = ~passes_control(trial) & (trial != digits[rows]).any(axis=1)
        wrong[rows[good]] = trial[good]
        todo = rows[~good]
        if not len(todo):
            return wrong
    raise ValueError("a number has no error that a check finds")


def _misspelt(name: str, place: int) -> str:
    """Two neighbouring letters in the other order, or one left out where they are the same."""
    if len(name) < 3:
        return name + name[-1]
    at = 1 + place % (len(name) - 2)
    if name[at].lower() == name[at + 1].lower():
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table `patient_records` (contract: patient_records.toml) of one block."""
    rng = ctx.rng("patient_records")
    plan = read_planning("errors")
    persons = made["persons"]
    person, organisation = _who_is_where(ctx, rng, plan["registers"], persons)
    error = np.searchsorted(np.cumsum(list(plan["record_errors"].values())), rng.random(len(person)), side="right")
    error = np.where(error == len(plan["record_errors"]), NO_ERROR, error)
    again, again_error = _duplicates(rng, plan["duplicates"], persons, person)
    person = np.r_[person, person[again]]
    organisation = np.r_[organisation, organisation[again]]
    error = np.r_[error, again_error]
    # In an order and with numbers that say nothing about the person.
    order = rng.permutation(len(person))
    person, organisation, error = (a[order] for a in (person, organisation, error))
    rows = persons[person]
    error, elsewhere = _moves(rng, persons, person, error)

    # Two registers and at most one duplicate in each.
    first = (ctx.first_person_id - 1) * MOST_RECORDS + 1

    def at(kind: str) -> np.ndarray:
        return np.flatnonzero(error == KINDS.index(kind))

    number, numberless = _numbers(rng, rows, error)
    birth = _birth_dates(rng, rows["birth_date"].to_physical().to_numpy().astype(np.int64), at("wrong_birth_date"))
    given = rows["given_name"].cast(pl.String)
    family = rows["family_name"].cast(pl.String)
    old_name = at("duplicate_old_name")
    family = family.scatter(old_name, rows["birth_family_name"].cast(pl.String)[old_name])
    given, family = _misspell(rng, given, family, at("misspelt_name"))
    moved = at("old_address")
    postcode = rows["postcode"].to_physical().to_numpy().copy()
    postcode[moved] = persons["postcode"].to_physical().to_numpy()[elsewhere]
    street = rows["street_address"].scatter(moved, persons["street_address"][elsewhere])
    return {
        "patient_records": pl.DataFrame(
            {
                "record_id": pl.Series(first + np.arange(len(person)), dtype=pl.Int64),
                "organisation_id": pl.Series(organisation, dtype=pl.Int32),
                "person_id": pl.Series(person + ctx.first_person_id, dtype=pl.Int64),
                "national_id": with_nulls(number, numberless),
                "given_name": given,
                "family_name": family,
                "birth_date": date_series(birth.astype("M8[D]")),
                "street_address": street,
                "postcode": enum_series(postcode, ctx.pools.reference.postcodes),
                "error_kind": with_nulls(
                    enum_series(np.minimum(error, NO_ERROR - 1), pl.Enum(KINDS)), error == NO_ERROR
                ),
            }
        )
    }


def _who_is_where(ctx: Block, rng, plan, persons) -> tuple[np.ndarray, np.ndarray]:
    """Position of the person and organisation of every first record: the hospital's, then the municipality's."""
    n = ctx.n_persons
    age = (REFERENCE_DATE.year - persons["birth_date"].dt.year().to_numpy()).astype(np.int64)
    in_hospital = rng.random(n) < banded(age, plan["hospital_from_age"], plan["hospital"])
    chance = banded(age, plan["municipality_from_age"], plan["municipality"])
    in_municipality = rng.random(n) < np.minimum(chance * np.where(in_hospital, plan["both"], 1.0), 1.0)
    town = FIRST_MUNICIPALITY_ID + persons["municipality_code"].to_physical().to_numpy().astype(np.int64)
    first, second = np.flatnonzero(in_hospital), np.flatnonzero(in_municipality)
    return np.r_[first, second], np.r_[persons["hospital_id"].to_numpy()[first], town[second]]


def _moves(rng, persons, person, error) -> tuple[np.ndarray, np.ndarray]:
    """Error codes, and for each old address the position of who lived there; the same address is no error."""
    rows = np.flatnonzero(error == KINDS.index("old_address"))
    elsewhere = rng.integers(0, persons.height, len(rows))
    same = (persons["street_address"][elsewhere] == persons["street_address"][person[rows]]).to_numpy()
    error = error.copy()
    error[rows[same]] = NO_ERROR
    return error, elsewhere[~same]


def _duplicates(rng, plan, persons, person) -> tuple[np.ndarray, np.ndarray]:
    """Rows that get a second record in the same register, and why."""
    renamed = (persons["family_name"] != persons["birth_family_name"]).to_numpy()[person]
    old_name = renamed & (rng.random(len(person)) < plan["old_name"])
    other = ~old_name & (rng.random(len(person)) < plan["other"])
    again = np.flatnonzero(old_name | other)
    return again, np.where(old_name[again], KINDS.index("duplicate_old_name"), KINDS.index("duplicate"))


def _numbers(rng, rows: pl.DataFrame, error: np.ndarray) -> tuple[pl.Series, np.ndarray]:
    """National identity numbers as registered, and where there is none."""
    swap, change = KINDS.index("swapped_digits"), KINDS.index("wrong_digit")
    hit = np.flatnonzero((error == swap) | (error == change))
    right = rows["national_id"][hit].cast(pl.Int64).to_numpy()
    digits = (right[:, None] // 10 ** np.arange(10, -1, -1)) % 10
    wrong = wrong_numbers(rng, digits.astype(np.uint8), error[hit] == swap)
    values = wrong.astype(np.int64) @ 10 ** np.arange(10, -1, -1)
    numberless = (error == KINDS.index("missing_national_id")) | (error == KINDS.index("duplicate"))
    return rows["national_id"].scatter(hit, fixed_digits(values, 11)), numberless


def _birth_dates(rng, birth: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """Birth dates as registered, in days since 1970: day and month swapped, or years or days off."""
    day = birth[hit].astype("M8[D]")
    month_start = day.astype("M8[M]")
    year_start = day.astype("M8[Y]")
    day_of_month = (day - month_start.astype("M8[D]")).astype(np.int64)
    month = (month_start - year_start.astype("M8[M]")).astype(np.int64)
    swapped = (year_start.astype("M8[M]") + day_of_month).astype("M8[D]") + month
    can_swap = (day_of_month < 12) & (day_of_month != month) & (rng.random(len(hit)) < 0.6)
    off = np.where(rng.random(len(hit)) < 0.5, 365, rng.integers(1, 10, len(hit)))
    wrong = np.where(can_swap, swapped, day - off).astype("M8[D]")
    # Nobody is registered as born after the last day of the history.
    wrong = np.where(wrong >= np.datetime64(REFERENCE_DATE), day - off, wrong)
    out = birth.copy()
    out[hit] = wrong.astype(np.int64)
    return out


def _misspell(rng, given: pl.Series, family: pl.Series, hit: np.ndarray) -> tuple[pl.Series, pl.Series]:
    """Misspell the given or the family name of the rows in `hit`: about one in a hundred rows, one by one."""
    of_family = rng.random(len(hit)) < 0.6
    place = rng.integers(0, 100, len(hit)).tolist()

    def change(names: pl.Series, chosen: np.ndarray) -> pl.Series:
        rows = hit[chosen]
        places = [p for p, c in zip(place, chosen.tolist(), strict=True) if c]
        wrong = [_misspelt(name, p) for name, p in zip(names[rows].to_list(), places, strict=True)]
        return names.scatter(rows, pl.Series(wrong, dtype=pl.String))

    return change(given, ~of_family), change(family, of_family)
