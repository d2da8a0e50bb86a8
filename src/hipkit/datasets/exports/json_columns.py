"""JSON text for whole tables at once: a pattern of dicts and lists with polars expressions where the data go.

A pattern is what `json.dumps` would take, except that a value may be

* an expression that gives JSON text (`text`, `code` and `number` make such expressions of columns), or
* `maybe(pattern)`: its member or element is left out in the rows where an expression inside it is null.

The first member of an object and the first element of a list must not be a `maybe`.
"""

import json
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Maybe:
    """See `maybe`."""

    pattern: object


def maybe(pattern: object) -> Maybe:
    """Leave the member or element out where an expression in `pattern` is null."""
    return Maybe(pattern)


def code(column: str | pl.Expr) -> pl.Expr:
    """A column whose text holds no quote, backslash or control character, as a JSON string."""
    return pl.concat_str(pl.lit('"'), _column(column).cast(pl.String), pl.lit('"'))


def text(column: str | pl.Expr) -> pl.Expr:
    """Any text as a JSON string, with what JSON asks for escaped."""
    value = _column(column).cast(pl.String)
    # An object of one member, written by polars, without its `{"v":` and `}`.
    written = pl.struct(v=value).struct.json_encode().str.slice(5).str.head(-1)
    return pl.when(value.is_not_null()).then(written)


def number(column: str | pl.Expr, decimals: int | None = None) -> pl.Expr:
    """A number as JSON; NaN and infinity are null. `decimals` rounds it first."""
    value = _column(column)
    if decimals is not None:
        value = value.cast(pl.Float64).round(decimals)
    return pl.when(value.is_finite() if decimals is not None else value.is_not_null()).then(value.cast(pl.String))


def _column(column: str | pl.Expr) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column


def to_json(pattern: object) -> pl.Expr:
    """The expression that gives the pattern's JSON text; null in rows where an expression outside a `maybe` is null."""
    joined: list[pl.Expr | str] = []
    for piece in _pieces(pattern):
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return pl.concat_str([pl.lit(piece) if isinstance(piece, str) else piece for piece in joined])


def _pieces(pattern: object) -> list[pl.Expr | str]:
    if isinstance(pattern, pl.Expr):
        return [pattern]
    if isinstance(pattern, dict):
        members = [(json.dumps(name) + ":", value) for name, value in pattern.items()]
        return ["{", *_members(members), "}"]
    if isinstance(pattern, list):
        return ["[", *_members([("", value) for value in pattern]), "]"]
    return [json.dumps(pattern, ensure_ascii=False)]


def _members(members: list[tuple[str, object]]) -> list[pl.Expr | str]:
    pieces: list[pl.Expr | str] = []
    for place, (name, value) in enumerate(members):
        if isinstance(value, Maybe):
            if place == 0:
                raise ValueError("the first member must not be a maybe: nothing would stand before the next comma")
            pieces.append(pl.concat_str([pl.lit(f",{name}"), to_json(value.pattern)]).fill_null(""))
        else:
            pieces += [f"{',' if place else ''}{name}", *_pieces(value)]
    return pieces
