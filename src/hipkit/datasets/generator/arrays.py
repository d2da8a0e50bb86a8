"""Vectorised helpers that the table modules share. Nothing here loops over rows."""

import numpy as np
import polars as pl
import pyarrow as pa


def enum_series(codes: np.ndarray, categories: pl.Enum, missing: np.ndarray | None = None) -> pl.Series:
    """A categorical column from integer codes, without building a single Python string.

    Args:
        codes: int array (n,), positions in `categories`.
        categories: the polars Enum that the codes point into.
        missing: bool array (n,), true where the value is null.
    """
    width = np.uint8 if len(categories.categories) < 256 else np.uint32
    return with_nulls(pl.Series(codes.astype(width)), missing).cat.to(categories)


def with_nulls(series: pl.Series, missing: np.ndarray | None) -> pl.Series:
    """The series with nulls where `missing` is true."""
    if missing is None or not missing.any():
        return series
    return pl.select(pl.when(pl.Series(~missing)).then(series)).to_series()


def date_series(days: np.ndarray, missing: np.ndarray | None = None) -> pl.Series:
    """A date column from datetime64[D]."""
    return with_nulls(pl.Series(days.astype("M8[D]").astype(np.int32)).cast(pl.Date), missing)


def fixed_digits(values: np.ndarray, width: int) -> pl.Series:
    """A string column of `width` decimal digits with leading zeros, from non-negative integers (n,)."""
    digits = np.empty((len(values), width), dtype=np.uint8)
    # Nine digits at a time fit 32 bits, which divide faster.
    for end in range(width, 0, -9):
        values, rest = (values // 10**9, (values % 10**9).astype(np.int32)) if end > 9 else (0, values.astype(np.int32))
        for place in range(end - 1, max(end - 10, -1), -1):
            tens = rest // 10
            digits[:, place] = rest - tens * 10 + ord("0")
            rest = tens
    offsets = np.arange(len(digits) + 1, dtype=np.int64) * width
    text = pa.LargeStringArray.from_buffers(len(digits), pa.py_buffer(offsets), pa.py_buffer(digits))
    return pl.Series(pl.from_arrow(text), dtype=pl.String)


def rank_in_group(group: np.ndarray) -> np.ndarray:
    """0-based rank of each element among the elements of the same group, in order of appearance."""
    small = len(group) > 0 and group.min() >= 0 and group.max() < 1 << 16
    order = np.argsort(group.astype(np.uint16) if small else group, kind="stable")  # 16 bits are sorted fastest
    ordered = group[order]
    start = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(group) else np.empty(0, dtype=np.int64)
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(start, np.diff(np.r_[start, len(group)]))
    return rank


class WeightedPools:
    """Weighted draws from many small pools at once, in constant time a draw (Walker's alias method).

    Args:
        groups: one key per item, small non-negative integers; the pools are the items with equal key.
        weights: one positive weight per item.
    """

    def __init__(self, groups: np.ndarray, weights: np.ndarray):
        order = np.argsort(groups, kind="stable")
        keys, start = np.unique(groups[order], return_index=True)
        size = np.diff(np.r_[start, len(order)])
        self._start = np.zeros(int(keys.max()) + 1, dtype=np.int32)
        self._size = np.zeros(int(keys.max()) + 1, dtype=np.int32)
        self._start[keys], self._size[keys] = start, size
        self._keep = np.empty(len(order))
        self._own = order.astype(np.int32)
        self._other = np.empty(len(order), dtype=np.int32)
        for first, count in zip(start, size, strict=True):
            self._prepare(first, weights[order[first : first + count]].astype(np.float64))

    def _prepare(self, first: int, weights: np.ndarray) -> None:
        """Give every item of one pool a second item to share its place with, so that all places weigh the same."""
        share = weights / weights.sum() * len(weights)
        small = [k for k in range(len(share)) if share[k] < 1]
        large = [k for k in range(len(share)) if share[k] >= 1]
        keep, other = np.ones(len(share)), np.arange(len(share))
        while small and large:
            low, high = small.pop(), large[-1]
            keep[low], other[low] = share[low], high
            share[high] -= 1 - share[low]
            if share[high] < 1:
                small.append(large.pop())
        self._keep[first : first + len(share)] = keep
        self._other[first : first + len(share)] = self._own[first + other]

    def draw(self, rng: np.random.Generator, keys: np.ndarray) -> np.ndarray:
        """One item (its position in the arrays given at the start, int32) for every key (n,)."""
        size = self._size[keys]
        if not size.all():
            raise ValueError("a key has no pool")
        # One random number gives the place by its whole part and the choice of the two items there by the rest.
        scaled = rng.random(len(keys)) * size
        place = scaled.astype(np.int32)
        scaled -= place
        place += self._start[keys]
        return np.where(scaled < self._keep[place], self._own[place], self._other[place])


def banded(ages: np.ndarray, from_age: list[int], values: list[float]) -> np.ndarray:
    """The value of the band that each age (n,), 0 to 255 years, falls in; `from_age` holds the bands' first ages."""
    by_age = np.asarray(values)[np.searchsorted(np.asarray(from_age), np.arange(256), side="right") - 1]
    return by_age[ages]
