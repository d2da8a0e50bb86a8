"""The teaching partitions: complete, disjoint, the same in any order, and with clear errors."""

import numpy as np
import pandas as pd
import pytest

from hipkit.datasets.partitions import attacker_knowledge, before_after, by_hospital, split_by_person
from hipkit.errors import KitError

N = 5_000
PERSONS = pd.DataFrame({"person_id": np.arange(1, N + 1), "hospital_id": np.arange(N) % 3 + 1})
VISITS = pd.DataFrame({"person_id": np.arange(3 * N) % N + 1, "value": np.arange(3 * N)})


def test_by_hospital_covers_every_row_once_and_agrees_with_persons() -> None:
    parts = by_hospital(VISITS, PERSONS)
    assert sorted(parts) == [1, 2, 3]
    assert sorted(pd.concat(parts.values()).index) == list(VISITS.index)
    for hospital, rows in parts.items():
        assert set(rows["person_id"]) == set(PERSONS.loc[PERSONS["hospital_id"] == hospital, "person_id"])
        assert list(rows.columns) == list(VISITS.columns)
    assert {k: len(v) for k, v in by_hospital(PERSONS).items()} == PERSONS["hospital_id"].value_counts().to_dict()


def test_split_keeps_persons_together_whatever_the_order_of_the_rows() -> None:
    parts = split_by_person(VISITS, seed=3)
    assert list(parts) == ["train", "test", "holdout"]
    assert sum(map(len, parts.values())) == len(VISITS)
    sets = [set(rows["person_id"]) for rows in parts.values()]
    assert not sets[0] & sets[1] and not sets[0] & sets[2] and not sets[1] & sets[2]
    assert [len(s) / N for s in sets] == pytest.approx([0.4, 0.3, 0.3], abs=0.03)
    again = split_by_person(VISITS.sample(frac=1, random_state=1), seed=3)
    assert [set(rows["person_id"]) for rows in again.values()] == sets
    assert set(split_by_person(PERSONS, seed=3)["train"]["person_id"]) == sets[0]
    assert set(split_by_person(PERSONS, seed=4)["train"]["person_id"]) != sets[0]


def test_split_is_the_same_on_every_machine() -> None:
    # Worked out once; a change here changes every lab that uses the parts.
    assert split_by_person(PERSONS.head(12))["train"]["person_id"].tolist() == [3, 4, 9, 12]


def test_attacker_sees_no_truth_and_the_truth_fits_the_items() -> None:
    items = pd.DataFrame({"aux_id": range(100), "person_id": range(1000, 1100), "age": np.arange(100) % 7})
    public, hidden = attacker_knowledge(items)
    assert list(public.columns) == ["age"] and public.index.equals(hidden.index)
    assert ((hidden - 1000) % 7 == public["age"]).all()
    assert not hidden.is_monotonic_increasing and sorted(hidden) == list(range(1000, 1100))
    pd.testing.assert_frame_equal(public, attacker_knowledge(items.sample(frac=1, random_state=2))[0])


def test_before_and_after() -> None:
    table = pd.DataFrame({"at": ["2024-12-31", "2025-01-01", None, "2025-06-01"], "k": range(4)})
    earlier, later = before_after(table, "at")
    assert earlier["k"].tolist() == [0] and later["k"].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: by_hospital(VISITS), "no column hospital_id"),
        (lambda: by_hospital(VISITS, PERSONS.head(10)), "not in the table persons"),
        (lambda: split_by_person(PERSONS, {"a": 0.5, "b": 0.6}), "sum to 1"),
        (lambda: split_by_person(PERSONS, {"a": 1.5, "b": -0.5}), "sum to 1"),
        (lambda: split_by_person(pd.DataFrame({"x": [1]})), "no column person_id"),
        (lambda: attacker_knowledge(PERSONS), "no column aux_id"),
        (lambda: before_after(PERSONS, "when"), "no column when"),
        (lambda: before_after(pd.DataFrame({"at": ["soon"]}), "at"), "no date"),
    ],
)
def test_wrong_input_is_a_clear_error(call, message) -> None:
    with pytest.raises(KitError, match=message):
        call()
