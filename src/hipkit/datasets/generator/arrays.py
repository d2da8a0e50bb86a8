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
    width = pl.UInt8 if len(categories.categories) < 256 else pl.UInt32
    return with_nulls(pl.Series(codes.astype(np.int64)).cast(width), missing).cat.to(categories)


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
    rest = values.astype(np.int64)
    for place in range(width - 1, -1, -1):
        tens = rest // 10
        digits[:, place] = rest - tens * 10 + ord("0")
        rest = tens
    offsets = np.arange(len(values) + 1, dtype=np.int64) * width
    text = pa.LargeStringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(digits))
    return pl.Series(pl.from_arrow(text), dtype=pl.String)


def rank_in_group(group: np.ndarray) -> np.ndarray:
    """0-based rank of each element among the elements of the same group, in order of appearance."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    start = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(group) else np.empty(0, dtype=np.int64)
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(start, np.diff(np.r_[start, len(group)]))
    return rank


class WeightedPools:
    """Weighted draws from many small pools at once, all held in one array.

    Args:
        groups: one key per item; the pools are the items with equal key.
        weights: one positive weight per item.
    """

    def __init__(self, groups: np.ndarray, weights: np.ndarray):
        order = np.argsort(groups, kind="stable")
        self.items = order
        self.keys, start = np.unique(groups[order], return_index=True)
        ordered = weights[order].astype(np.float64)
        total = np.cumsum(ordered)
        before = np.r_[0.0, total][start]
        group_of_item = np.repeat(np.arange(len(start)), np.diff(np.r_[start, len(order)]))
        size = np.add.reduceat(ordered, start)
        # Item k ends at its group's number plus its cumulated share: one search serves every pool.
        self._ends = group_of_item + (total - before[group_of_item]) / size[group_of_item]
        self._last = np.r_[start[1:], len(order)] - 1

    def draw(self, rng: np.random.Generator, keys: np.ndarray) -> np.ndarray:
        """One item (its position in the arrays given at the start) for every key (n,)."""
        group = np.searchsorted(self.keys, keys)
        if len(keys) and (group.max() >= len(self.keys) or (self.keys[group] != keys).any()):
            raise ValueError("a key has no pool")
        place = np.searchsorted(self._ends, group + rng.random(len(keys)), side="right")
        return self.items[np.minimum(place, self._last[group])]


def banded(ages: np.ndarray, from_age: list[int], values: list[float]) -> np.ndarray:
    """The value of the age band that each age (n,) falls in; `from_age` holds the bands' first ages."""
    return np.asarray(values)[np.searchsorted(np.asarray(from_age), ages, side="right") - 1]
