"""Between a student's process and the tests only plain data cross, whole and of the same type; nothing that runs."""

import json
import math
import socket
import struct
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from hipkit.grading.boundary import MOST_BYTES, BoundaryError, decode, encode, receive, send, tell, told


def refuse(value: object) -> dict:
    raise AssertionError(f"{value!r} did not cross by value")


def across(value: object) -> object:
    """The value as the other side gets it, over a real socket."""
    here, there = socket.socketpair()
    with here, there:
        send(here, encode(value, refuse))
        return decode(receive(there), refuse)


PLAIN = [
    None,
    True,
    3,
    -(2**60),
    2**200,
    0.1,
    -0.0,
    math.inf,
    "blå \ud800",
    b"\x00\xff",
    2 + 3j,
    [1, [2.5, "x"], None],
    [number / 7 for number in range(200)] + [math.inf, -0.0],
    [1.0] * 200 + [1],
    (1, (2,)),
    {"a": [1], 2: (3,), (4, "b"): None},
    {1, 2},
    frozenset({"x"}),
    date(2026, 1, 1),
    datetime(2026, 1, 1, 12, 30, 0, 5),
    timedelta(days=-1, seconds=5, microseconds=7),
    Counter("aab"),
    OrderedDict(b=1, a=2),
    deque([1, 2]),
    Fraction(2, 3),
    {"a": 1}.keys(),
    {"a": 1}.items(),
    pd.Timedelta("2 days 3 ns"),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_cross_whole(value: object) -> None:
    got = across(value)
    assert got == value and type(got) is type(value)


def test_what_only_gives_values_crosses_as_what_holds_them() -> None:
    assert across(range(3)) == [0, 1, 2] and across(defaultdict(int, a=1)) == {"a": 1}
    assert list(across({"a": 1}.values())) == [1]


def test_a_tuple_with_names_keeps_them_unless_its_type_can_do_more() -> None:
    low, high = got = across(namedtuple("Bounds", "low high")(1, [2]))
    assert (low, high) == (got.low, got.high) == (1, [2])

    class Able(NamedTuple):
        low: int

        def widen(self) -> int:
            return self.low + 1

    assert encode(Able(1), lambda value: {"t": "object", "id": 0}) == {"t": "object", "id": 0}


def test_an_error_crosses_as_the_nearest_of_python_s_own() -> None:
    class BudgetError(ValueError):
        pass

    class Odd(Exception):
        pass

    for error, kind in [
        (BudgetError("x"), ValueError),
        (FileNotFoundError(2, "x"), FileNotFoundError),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "x"), UnicodeError),
        (Odd("x"), type(None)),
        (StopIteration("x"), type(None)),
        (KeyboardInterrupt(), type(None)),
    ]:
        assert type(told(tell(error))) is kind
    for wrong in (None, {}, {"types": "ValueError"}):
        with pytest.raises(BoundaryError):
            told(wrong)


def test_what_is_no_number_stays_so() -> None:
    assert math.isnan(across(math.nan))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array([], dtype=np.float32),
        np.array([True, False]),
        np.array(["2026-01-01"], dtype="M8[D]"),
        np.array([1.5, np.nan]),
        np.array(["æ", "øå"]),
        np.array([[1, "x"], [None, 2.5]], dtype=object),
        np.arange(10)[::2],
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_arrays_cross_with_type_and_shape(array: np.ndarray) -> None:
    got = across(array)
    assert got.dtype == array.dtype and got.shape == array.shape
    np.testing.assert_array_equal(got, array)


def test_numpy_numbers_stay_numpy_numbers() -> None:
    for value in (np.float64(1.5), np.int8(-3), np.bool_(True), np.float32(0.1)):
        got = across(value)
        assert got == value and type(got) is type(value)


def test_tables_cross() -> None:
    frame = pd.DataFrame(
        {
            "n": [1, 2],
            "x": [0.5, np.nan],
            "name": ["a", None],
            "day": pd.to_datetime(["2026-01-01", "2026-02-01"]),
            "kind": pd.Categorical(["u", "v"]),
            "maybe": pd.array([1, None], dtype="Int64"),
        },
        index=[5, 7],
    )
    pd.testing.assert_frame_equal(across(frame), frame)
    pd.testing.assert_series_equal(across(frame["x"]), frame["x"])
    pd.testing.assert_frame_equal(across(frame[[]]), frame[[]], check_column_type=False)
    assert across(pd.Timestamp("2026-01-01 10:00")) == pd.Timestamp("2026-01-01 10:00")
    assert across(pd.NaT) is pd.NaT and across(pd.NA) is pd.NA
    zoned = pd.Series(pd.to_datetime(["2026-01-01", None])).dt.tz_localize("Europe/Oslo")
    pd.testing.assert_series_equal(across(zoned), zoned)
    for values in (frame["kind"].unique(), pd.Series(["a", "b"]).unique(), zoned.array):
        pd.testing.assert_extension_array_equal(across(values), values)


def test_a_subclass_of_a_plain_type_does_not_cross_as_one() -> None:
    class Sly(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

    assert encode(Sly(1.0), lambda value: {"t": "object", "id": 0}) == {"t": "object", "id": 0}


@pytest.mark.parametrize(
    "message",
    [
        [1, 2],
        {"t": "array", "dtype": "|O", "shape": [1], "v": "AAAAAAAAAAA="},
        {"t": "array", "dtype": "<f8", "shape": [99], "v": "AAAAAAAAAAA="},
        {"t": "scalar", "dtype": "O", "v": ""},
        {"t": "dict", "v": [[{"t": "list", "v": []}, 1]]},
        {"t": "int", "v": "x"},
        {"v": 1},
        {"t": "timedelta", "v": ["x"]},
        {"t": "frame", "v": 3},
        {"t": "fraction", "v": {"t": "list", "v": [1, 0]}},
        {"t": "namedtuple", "fields": ["def"], "v": [1]},
        {"t": "namedtuple", "fields": ["a; import os"], "v": [1]},
        {"t": "namedtuple", "fields": ["a", "b"], "v": [1]},
        {"t": "counter", "v": 3},
        {"t": "items", "v": {"t": "list", "v": [1]}},
        {"t": "span", "v": "x"},
    ],
    ids=json.dumps,
)
def test_what_is_not_a_value_is_refused(message: object) -> None:
    with pytest.raises(BoundaryError):
        decode(message, refuse)


def test_a_frame_that_is_too_long_is_refused_before_it_is_read() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(struct.pack(">I", MOST_BYTES + 1))
        with pytest.raises(BoundaryError, match="too much"):
            receive(there)


def test_deep_nesting_is_refused() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(struct.pack(">I", 200_000) + b"[" * 200_000)
        with pytest.raises(BoundaryError):
            receive(there)


def test_the_end_of_the_line_is_told() -> None:
    here, there = socket.socketpair()
    with there:
        here.close()
        with pytest.raises(EOFError):
            receive(there)
