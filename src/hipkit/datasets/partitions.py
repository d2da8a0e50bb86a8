"""Ways to divide the patients for teaching: by hospital, by what an attacker knows, by membership, by time.

Pure functions over pandas tables as the loaders give them. The same input gives the same parts on every machine: who is
in which part follows from `person_id` and a seed by a hash, not from the order or number of the rows.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd

from hipkit.errors import KitError

# The columns of `auxiliary` that tell who the item is about.
TRUTH = ["aux_id", "person_id"]
_STEPS = 2**32


def _need(table: pd.DataFrame, *columns: str) -> None:
    if missing := [column for column in columns if column not in table.columns]:
        raise KitError(f"The table has no column {' or '.join(missing)}; it has {', '.join(map(str, table.columns))}.")


def _fraction(ids: pd.Series, seed: int, purpose: str) -> pd.Series:
    """A number in [0, 1) for every id, the same on every machine; ids are whole numbers."""
    key = f"{seed}:{purpose}:".encode()
    unique = {
        value: int.from_bytes(hashlib.blake2b(key + str(value).encode(), digest_size=4).digest(), "big") / _STEPS
        for value in ids.unique().tolist()
    }
    return ids.map(unique).astype("float64")


def by_hospital(table: pd.DataFrame, persons: pd.DataFrame | None = None) -> dict[int, pd.DataFrame]:
    """Divide a table by the patient's catchment hospital, for federated learning.

    The hospitals differ in size, age and case mix on purpose, so the parts are not independent and identically
    distributed.

    Args:
        table: any table with `hospital_id`, or with `person_id` when `persons` is given.
        persons: the table persons, with `person_id` and `hospital_id`.

    Returns:
        hospital id (1, 2, 3) to the rows of its patients, in the order of `table`, with its columns. Every row is in
        one part.

    Raises:
        KitError: a column is missing, or a row's person is not in `persons`.
    """
    if persons is None:
        _need(table, "hospital_id")
        hospital = table["hospital_id"]
    else:
        _need(table, "person_id")
        _need(persons, "person_id", "hospital_id")
        hospital = table["person_id"].map(persons.set_index("person_id")["hospital_id"])
    if hospital.isna().any():
        raise KitError(
            f"{int(hospital.isna().sum())} rows have no hospital: their persons are not in the table persons."
        )
    return {int(key): rows for key, rows in table.groupby(hospital.astype("int64").to_numpy(), sort=True)}


def attacker_knowledge(auxiliary: pd.DataFrame, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Divide the newspaper and Strava items into what the attacker sees and what only the teacher knows.

    Args:
        auxiliary: the table auxiliary.
        seed: of the order in which the items are shown.

    Returns:
        public: the items without `aux_id` and `person_id`, in an order that tells nothing, numbered from 0.
        hidden: `person_id` of each item, with the same index, to score an attack by.

    Raises:
        KitError: a column is missing.
    """
    _need(auxiliary, *TRUTH)
    order = _fraction(auxiliary["aux_id"], seed, "attacker").sort_values(kind="stable").index
    shuffled = auxiliary.loc[order].reset_index(drop=True)
    return shuffled.drop(columns=TRUTH), shuffled["person_id"]


def split_by_person(
    table: pd.DataFrame, shares: Mapping[str, float] | None = None, seed: int = 0
) -> dict[str, pd.DataFrame]:
    """Divide a table so that all rows of a person are in one part, for membership inference and honest testing.

    Without `shares`: "train" (members, 0.4), "test" (non-members of the same population, 0.3) and "holdout" (what the
    attacker may train shadow models on, 0.3).

    Args:
        table: any table with `person_id`.
        shares: name of the part to its share of the persons; positive, summing to 1.
        seed: another seed gives other parts.

    Returns:
        name of the part to its rows, in the order of `table`. A person is in the same part in every table.

    Raises:
        KitError: no `person_id`, or shares that are not positive or do not sum to 1.
    """
    _need(table, "person_id")
    shares = {"train": 0.4, "test": 0.3, "holdout": 0.3} if shares is None else shares
    if not shares or min(shares.values()) <= 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise KitError(f"The shares must be positive and sum to 1, not {dict(shares)}.")
    fraction = _fraction(table["person_id"], seed, "membership")
    parts, low = {}, 0.0
    for position, (name, share) in enumerate(shares.items()):
        high = 1.0 if position == len(shares) - 1 else low + share
        parts[name] = table[(fraction >= low) & (fraction < high)]
        low = high
    return parts


def before_after(
    table: pd.DataFrame, column: str, at: date | datetime | str = "2025-01-01"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide a table at a date, to measure drift.

    Args:
        table: any table with a date or time.
        column: name of that column; rows where it is missing are in neither part.
        at: first moment of the later part.

    Returns:
        the rows before `at`, and those from `at` on.

    Raises:
        KitError: the column is missing, or one of its values or `at` is no date.
    """
    _need(table, column)
    try:
        when = pd.to_datetime(table[column])
        limit = pd.Timestamp(at)
    except (ValueError, TypeError) as error:
        raise KitError(f"{column!r} or {at!r} holds no date: {error}.") from error
    return table[when < limit], table[when >= limit]
