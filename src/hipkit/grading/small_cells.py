"""Makes every value of a column one that at least k persons have: the threshold rule of statistical offices.

A value that few have singles them out for who knows them. Rare values are put together until nobody stands alone. The
rule looks at one column at a time; several columns together can still be unique.
"""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def withhold_rare(values: list[str], k: int, withheld: str) -> list[str]:
    """Put `withheld` in place of each value that fewer than k have.

    If then fewer than k have `withheld`, what it stands for could be guessed, so the next rarest value joins it.

    Raises:
        ValueError: there are fewer than k values.
    """
    _require(values, k)
    rare: set[str] = set()
    hidden = 0
    for value, count in sorted(Counter(values).items(), key=lambda item: (item[1], item[0])):
        if count < k or 0 < hidden < k:
            rare.add(value)
            hidden += count
    return [withheld if value in rare else value for value in values]


def merge_neighbours(values: list[T], k: int) -> list[tuple[T, T]]:
    """Put ordered values together with their neighbours until at least k persons share each range.

    Returns:
        For each value the lowest and the highest of its range.

    Raises:
        ValueError: there are fewer than k values.
    """
    _require(values, k)
    counts = sorted(Counter(values).items())
    ranges: list[list[T]] = [[]]
    size = 0
    for value, count in counts:
        if size >= k:
            ranges.append([])
            size = 0
        ranges[-1].append(value)
        size += count
    if size < k and len(ranges) > 1:
        last = ranges.pop()
        ranges[-1] += last
    ends = {value: (one[0], one[-1]) for one in ranges for value in one}
    return [ends[value] for value in values]


def _require(values: list, k: int) -> None:
    if len(values) < k:
        raise ValueError(f"{len(values)} values cannot be made to be shared by {k}")
