"""What may cross between a student's process and the teacher's tests: plain data, as JSON, and nothing that runs.

A frame is four bytes of length (big-endian) and that much UTF-8 JSON. Numbers, text, containers, arrays, tables, times
and random generators (by their state) cross by value. Functions and other objects stay where they are and cross as a
number that stands for them. Nothing is ever unpickled, and no type is made by a name that comes over the line but a
tuple with names.
"""

import base64
import builtins
import contextlib
import json
import socket
import struct
import sys
import time
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

# Longer frames are refused: the other side could send without end.
MOST_BYTES = 64 * 1024 * 1024
# Python objects take many times the room of their JSON, so what is written is bounded before it is read.
MOST_CONTAINERS, MOST_ITEMS = 300_000, 3_000_000
# Kinds of numpy data that hold values and no references.
PLAIN_KINDS = "biufcUSMm"
BIT_GENERATOR = "PCG64"
# A list of more numbers than this crosses as one block: tests draw samples of thousands.
MANY = 100
MOST_FIELDS = 100  # of a tuple with names


class BoundaryError(Exception):
    """A value cannot cross, or what came over the line is not a frame."""


def send(line: socket.socket, message: Any) -> None:
    """Send one frame."""
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(data) > MOST_BYTES:
        raise BoundaryError(
            f"the value is too large: {len(data) // 1_000_000} MB, and {MOST_BYTES // 1_000_000} may cross"
        )
    line.sendall(struct.pack(">I", len(data)) + data)


def receive(line: socket.socket, deadline: float | None = None) -> Any:
    """Receive one frame.

    Args:
        line: the connected socket.
        deadline: by `time.monotonic`, until when the whole of it must be there; None waits.

    Raises:
        EOFError: the other side is gone.
        BoundaryError: it sent something that is not a frame.
        TimeoutError: it sent nothing in time.
    """
    (length,) = struct.unpack(">I", exactly(line, 4, deadline))
    if length > MOST_BYTES:
        raise BoundaryError("the other side sent too much")
    data = exactly(line, length, deadline)
    containers = data.count(b"{") + data.count(b"[")
    if containers > MOST_CONTAINERS or containers + data.count(b",") > MOST_ITEMS:
        raise BoundaryError("the other side sent too many values")
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise BoundaryError("the other side sent no JSON") from error


def exactly(line: socket.socket, length: int, deadline: float | None = None) -> bytearray:
    """Receive so many bytes; EOFError where the other side is gone before, TimeoutError where the deadline passes."""
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        if deadline is not None:
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeoutError
            line.settimeout(left)
        if not (got := line.recv_into(view[at:])):
            raise EOFError
        at += got
    return data


def encode(value: Any, refer: Callable[[Any], dict]) -> Any:
    """A value as JSON can hold it.

    Args:
        value: what shall cross.
        refer: called with what cannot cross by value; returns the marker that stands for it, a dict with a key "t".

    Raises:
        BoundaryError: an array holds objects that cannot cross.
    """
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int:
        return value if abs(value) < 2**53 else {"t": "int", "v": hex(value)}
    if type(value) is float:
        return value if np.isfinite(value) else {"t": "float", "v": repr(value)}
    if type(value) is list and len(value) > MANY and all(type(one) is float for one in value):
        return {"t": "floats", "v": _text(np.asarray(value, "<f8").tobytes())}
    if type(value) in (list, tuple, set, frozenset):
        return {"t": type(value).__name__, "v": [encode(one, refer) for one in value]}
    if type(value) in _TAKEN_APART:
        kind, parts = _TAKEN_APART[type(value)]
        return {"t": kind, "v": encode(parts(value), refer)}
    if (fields := _fields(value)) is not None:
        return {"t": "namedtuple", "fields": fields, "v": [encode(one, refer) for one in value]}
    if type(value) is dict:
        return {"t": "dict", "v": [[encode(key, refer), encode(one, refer)] for key, one in value.items()]}
    if type(value) is complex:
        return {"t": "complex", "v": repr(value)}
    if type(value) in (bytes, bytearray):
        return {"t": "bytes", "v": _text(bytes(value))}
    if type(value) in (date, datetime):
        return {"t": type(value).__name__, "v": value.isoformat()}
    if type(value) is timedelta:
        return {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, np.generic) and value.dtype.kind in PLAIN_KINDS:
        return {"t": "scalar", "dtype": value.dtype.str, "v": _text(value.tobytes())}
    if type(value) is np.ndarray:
        return _encode_array(value, refer)
    if type(value) is np.random.Generator and type(value.bit_generator).__name__ == BIT_GENERATOR:
        return refer(value) | {"t": "rng", "state": encode(value.bit_generator.state, refer)}
    if (pandas := sys.modules.get("pandas")) is not None:
        if type(value) is pandas.DataFrame:
            columns = [[encode(name, refer), _encode_column(column, refer)] for name, column in value.items()]
            return {"t": "frame", "index": encode(value.index, refer), "v": columns}
        if type(value) is pandas.Series:
            index, name = encode(value.index, refer), encode(value.name, refer)
            return {"t": "series", "index": index, "name": name, "v": _encode_column(value, refer)}
        if isinstance(value, pandas.Index):
            return {"t": "index", "name": encode(value.name, refer), "v": _encode_column(value.to_series(), refer)}
        if isinstance(value, pandas.api.extensions.ExtensionArray):
            return {"t": "extension", "v": _encode_column(pandas.Series(value), refer)}
        if value is pandas.NaT or value is pandas.NA:
            return {"t": "missing", "v": "time" if value is pandas.NaT else "any"}
        if type(value) is pandas.Timestamp:
            return {"t": "timestamp", "v": value.isoformat()}
        if type(value) is pandas.Timedelta:
            return {"t": "span", "v": value.as_unit("ns").value}
    return refer(value)


def _fields(value: Any) -> list[str] | None:
    """The names of a tuple with names, unless its type can do more than hold them."""
    kind = type(value)
    if kind.__bases__ != (tuple,) or not isinstance(fields := getattr(kind, "_fields", None), tuple):
        return None
    own = {name for name in vars(kind) if not name.startswith("_")}
    return list(fields) if own == set(fields) and len(fields) <= MOST_FIELDS else None


def _encode_array(value: np.ndarray, refer: Callable[[Any], dict]) -> dict:
    if value.dtype.kind == "O":
        return {"t": "objects", "shape": value.shape, "v": [encode(one, refer) for one in value.ravel()]}
    if value.dtype.kind not in PLAIN_KINDS:
        raise BoundaryError(f"an array of {value.dtype} cannot cross")
    return {
        "t": "array",
        "dtype": value.dtype.str,
        "shape": value.shape,
        "v": _text(np.ascontiguousarray(value).tobytes()),
    }


def _encode_column(value: Any, refer: Callable[[Any], dict]) -> dict:
    """A pandas column with its type: plain numpy data, or values one by one and the name of the type."""
    if isinstance(value.dtype, np.dtype) and value.dtype.kind in PLAIN_KINDS:
        return _encode_array(value.to_numpy(), refer)
    values = [None if one is None or one is sys.modules["pandas"].NA else one for one in value.astype(object)]
    return {"t": "column", "dtype": str(value.dtype), "v": [encode(one, refer) for one in values]}


def tell(error: BaseException) -> dict:
    """An error as it crosses: the names of its type and of what that derives from, and its text."""
    return {"types": [kind.__name__ for kind in type(error).__mro__], "text": str(error)}


def told(message: Any) -> Exception | None:
    """The error that `tell` told of, of the nearest type that Python itself has; None where that says nothing."""
    if not isinstance(message, dict) or not isinstance(names := message.get("types"), list):
        raise BoundaryError("the other side sent an error that is none")
    for name in map(str, names):
        kind = getattr(builtins, name, None)
        # StopIteration would end a loop of whoever meets it.
        if isinstance(kind, type) and issubclass(kind, Exception) and kind not in (Exception, StopIteration):
            with contextlib.suppress(TypeError):  # some take more than a text: what they derive from will do
                return kind(str(message.get("text"))[:1000])
    return None


class Generators(dict[int, np.random.Generator]):
    """The random generators that both sides have, by number: where one side's stand, the other's are put."""

    def states(self) -> list:
        """Where they stand, as it crosses."""
        return [[number, encode(one.bit_generator.state, _no_value)] for number, one in self.items()]

    def follow(self, states: Any) -> None:
        """Put them where the other side's stand."""
        try:
            for number, state in states:
                if (generator := self.get(number)) is not None:
                    generator.bit_generator.state = decode(state, _no_value)
        except (TypeError, ValueError, LookupError) as error:
            raise BoundaryError("the other side sent a state of a generator that is none") from error


def _no_value(value: Any) -> Any:
    raise BoundaryError(f"a {type(value).__name__} is no part of a generator's state")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def decode(value: Any, resolve: Callable[[dict], Any]) -> Any:
    """The value that `encode` made JSON of.

    Args:
        value: what came over the line.
        resolve: called with the marker of what did not cross by value; returns what stands for it here.

    Raises:
        BoundaryError: the JSON is not what `encode` makes.
    """
    try:
        return _decode(value, resolve)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise BoundaryError("the other side sent a value that is none") from error


def _decode(value: Any, resolve: Callable[[dict], Any]) -> Any:
    if not isinstance(value, dict):
        if isinstance(value, list):
            raise BoundaryError("the other side sent a list without its type")
        return value
    kind, held = value["t"], value.get("v")
    if kind in ("list", "tuple", "set", "frozenset"):
        items = [_decode(one, resolve) for one in held]
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](items)
    if kind == "dict":
        return {_decode(key, resolve): _decode(one, resolve) for key, one in held}
    if kind in _SIMPLE:
        return _SIMPLE[kind](held)
    if kind in _PUT_TOGETHER:
        return _PUT_TOGETHER[kind](_decode(held, resolve))
    if kind == "namedtuple":
        return _named(tuple(map(str, value["fields"][:MOST_FIELDS])))(*[_decode(one, resolve) for one in held])
    if kind in ("scalar", "array"):
        dtype = np.dtype(str(value["dtype"]))
        if dtype.kind not in PLAIN_KINDS:
            raise BoundaryError("the other side sent an array that holds objects")
        data = np.frombuffer(base64.b64decode(held), dtype=dtype)
        return data[0] if kind == "scalar" else data.reshape(value["shape"]).copy()
    if kind == "objects":
        array = np.empty(len(held), dtype=object)
        array[:] = [_decode(one, resolve) for one in held]
        return array.reshape(value["shape"])
    if kind in ("frame", "series", "index", "column", "extension", "missing", "timestamp", "span"):
        return _decode_pandas(kind, value, resolve)
    return resolve(value)


_SIMPLE: dict[str, Callable[[Any], Any]] = {
    "int": lambda text: int(text, 16),
    "float": float,
    "complex": complex,
    "bytes": base64.b64decode,
    "floats": lambda text: np.frombuffer(base64.b64decode(text), "<f8").tolist(),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "timedelta": lambda parts: timedelta(*map(int, parts)),
}

# Containers that are plain data under another name: how they are taken apart, and what is made of the parts again.
_TAKEN_APART: dict[type, tuple[str, Callable[[Any], Any]]] = {
    Counter: ("counter", dict),
    OrderedDict: ("ordered", dict),
    defaultdict: ("plain", dict),
    deque: ("deque", list),
    range: ("plain", list),
    type({}.keys()): ("keys", list),
    type({}.values()): ("values", list),
    type({}.items()): ("items", list),
    Fraction: ("fraction", lambda number: [number.numerator, number.denominator]),
}
_PUT_TOGETHER: dict[str, Callable[[Any], Any]] = {
    "counter": Counter,
    "ordered": OrderedDict,
    "plain": lambda parts: parts,
    "deque": deque,
    "keys": lambda parts: dict.fromkeys(parts).keys(),
    "values": lambda parts: dict(enumerate(parts)).values(),
    "items": lambda parts: dict(parts).items(),
    "fraction": lambda parts: Fraction(*parts),
}


@lru_cache(100)
def _named(fields: tuple[str, ...]) -> type:
    return namedtuple("Answer", fields)  # which takes names only


def _decode_pandas(kind: str, value: dict, resolve: Callable[[dict], Any]) -> Any:
    import pandas as pd

    held = value["v"]
    if kind == "timestamp":
        return pd.Timestamp(held)
    if kind == "span":
        return pd.Timedelta(int(held), unit="ns")
    if kind == "missing":
        return pd.NaT if held == "time" else pd.NA
    if kind == "extension":
        return _decode(held, resolve).array
    if kind == "column":
        return pd.Series([_decode(one, resolve) for one in held], dtype=str(value["dtype"]))
    if kind == "frame":
        columns = {place: _decode(column, resolve) for place, (_, column) in enumerate(held)}
        frame = pd.DataFrame(columns) if columns else pd.DataFrame(index=range(len(_decode(value["index"], resolve))))
        return frame.set_axis(_decode(value["index"], resolve)).set_axis([_decode(n, resolve) for n, _ in held], axis=1)
    data = _decode(held, resolve)
    name = _decode(value["name"], resolve)
    if kind == "index":
        return pd.Index(data, name=name)
    series = data if isinstance(data, pd.Series) else pd.Series(data)
    series.index = _decode(value["index"], resolve)
    return series.rename(name)
