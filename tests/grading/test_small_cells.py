"""After the threshold rule nobody stands alone in a column, and no more is lost than must be."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hipkit.grading.small_cells import merge_neighbours, withhold_rare


@given(some.lists(some.sampled_from("abcdefg"), min_size=5, max_size=60), some.integers(1, 5))
def test_every_value_is_shared(values: list[str], k: int) -> None:
    found = withhold_rare(values, k, "withheld")
    assert min(Counter(found).values()) >= k
    assert all(new in (old, "withheld") for new, old in zip(found, values, strict=True))


@given(some.lists(some.integers(0, 20), min_size=5, max_size=60), some.integers(1, 5))
def test_every_range_is_shared_and_holds_its_values(values: list[int], k: int) -> None:
    found = merge_neighbours(values, k)
    assert min(Counter(found).values()) >= k
    assert all(low <= value <= high for value, (low, high) in zip(values, found, strict=True))
    ranges = sorted(set(found))
    assert all(one[1] < other[0] for one, other in pairwise(ranges))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("aaaabbb", "aaaabbb"),  # nothing is rare
        ("aaaabbbcd", "aaaawwwww"),  # c and d are two: b joins, so that three are withheld
        ("aaaabbbcde", "aaaabbbwww"),  # three are withheld
        ("aaaab", "wwwww"),  # one would be withheld alone
    ],
)
def test_no_more_is_withheld_than_must_be(values: str, found: str) -> None:
    assert "".join(withhold_rare(list(values), 3, "w")) == found


def test_ranges_are_as_narrow_as_can_be_from_below() -> None:
    assert merge_neighbours([1, 1, 1, 2, 3, 4, 9], 3) == [(1, 1)] * 3 + [(2, 9)] * 4
    assert merge_neighbours([1, 1, 1, 9], 3) == [(1, 9)] * 4


def test_fewer_than_k_cannot_be_hidden() -> None:
    with pytest.raises(ValueError, match="2 values"):
        withhold_rare(["a", "a"], 3, "w")
    with pytest.raises(ValueError, match="2 values"):
        merge_neighbours([1, 1], 3)
