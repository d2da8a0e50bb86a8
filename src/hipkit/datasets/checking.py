"""Checks a data folder against the contracts and names table, column, row and rule of what does not hold.

The rules of single rows and of keys are dataframely schemas, built from the contract files. References to other tables
and control digits are checked here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import dataframely as dy
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from hipkit.datasets.contracts import Column, Contract, contract, contracts
from hipkit.datasets.generator.identity import control_digits, organisation_control_digit
from hipkit.datasets.generator.storage import sha256_of
from hipkit.errors import KitError

SUMS = "SHA256SUMS"
# Findings of one rule in one column that are listed; the rest are counted.
LISTED = 5
ROW = "row_in_file"
CSV_ROWS = 250_000

_POLARS = {
    "int8": pl.Int8,
    "int16": pl.Int16,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "float32": pl.Float32,
    "float64": pl.Float64,
    "string": pl.String,
    "category": pl.String,
    "bool": pl.Boolean,
    "date": pl.Date,
    "datetime": pl.Datetime("us"),
    "list_float32": pl.List(pl.Float32),
}
_RULES = {
    "nullability": "a value is missing",
    "primary_key": "the key occurs more than once",
    "regex": "does not match the pattern",
    "min": "is below the smallest allowed value",
    "max": "is above the largest allowed value",
    "check": "is not one of the allowed values",
}


@dataclass(frozen=True)
class Finding:
    """Something that does not hold.

    Attributes:
        table, column: where; column is empty for a whole table or key.
        row: 1-based data row (the header of a CSV is not counted), 0 for a whole file.
        rule: what is required.
        value: what stands there, as text.
        more: further rows with the same fault that are not listed.
    """

    table: str
    column: str
    row: int
    rule: str
    value: str = ""
    more: int = 0

    def __str__(self) -> str:
        place = f"table {self.table}" + (f", column {self.column}" if self.column else "")
        place += f", row {self.row}" if self.row else ""
        shown = f" ({self.value!r})" if self.value else ""
        return f"{place}: {self.rule}{shown}" + (f"; {self.more} more rows" if self.more else "")


def _dy_column(column: Column, key: bool) -> dy.Column:
    common = {"nullable": column.nullable, "primary_key": key}
    limits = {"min": column.min, "max": column.max}
    if column.type in ("date", "datetime"):
        kind = pl.Date if column.type == "date" else pl.Datetime("us")
        limits = {
            name: None if value is None else pl.select(pl.lit(str(value)).str.to_datetime().cast(kind)).item()
            for name, value in limits.items()
        }
        limits = {name: value for name, value in limits.items() if value is not None}
        return dy.Date(**common, **limits) if column.type == "date" else dy.Datetime(time_unit="us", **common, **limits)
    allowed = None if column.allowed is None else (lambda values: values.is_in(list(column.allowed)))
    if column.type in ("string", "category"):
        return dy.String(**common, regex=column.pattern, check=allowed)
    if column.type == "bool":
        return dy.Bool(**common)
    if column.type == "list_float32":
        return dy.List(dy.Float32(), nullable=column.nullable)
    number = getattr(dy, column.type.capitalize())
    return number(**common, **{k: v for k, v in limits.items() if v is not None}, check=allowed)


@lru_cache(maxsize=64)
def schema(table: str) -> type[dy.Schema]:
    """The dataframely schema of a table, built from its contract. Categories are strings in it."""
    known = contract(table)
    columns = {column.name: _dy_column(column, column.name in known.key) for column in known.columns}
    return type(table, (dy.Schema,), columns)


@lru_cache(maxsize=64)
def _schema_with_row(table: str) -> type[dy.Schema]:
    return type(f"{table}_with_row", (schema(table),), {ROW: dy.Int64()})


def check_folder(folder: Path, progress: Callable[[str], None] | None = None) -> list[Finding]:
    """Check every table of a population.

    Args:
        folder: a folder with `<table>.parquet` or `<table>.csv` files, or the sample with both and `SHA256SUMS`.
        progress: called with each file's name before it is read.

    Returns:
        what does not hold, in the order of the tables; empty when all is well.

    Raises:
        KitError: there is no such folder, or it holds no table.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise KitError(f"There is no folder {folder}. Make a population with `hipkit data make`.")
    places = [place for place in (folder, folder / "csv", folder / "parquet") if place.is_dir()]
    groups = [files for place in places if (files := _tables_in(place))]
    if not groups:
        raise KitError(f"{folder} holds no tables. Make a population with `hipkit data make --out {folder}`.")
    findings = _check_sums(folder)
    for files in groups:
        for table, file in files.items():
            if progress:
                progress(file.name)
            findings += _check_table(contract(table), file, files)
    return findings


def _tables_in(place: Path) -> dict[str, Path]:
    return {
        table: file
        for table in contracts()
        for kind in ("csv", "parquet")
        if (file := place / f"{table}.{kind}").exists()
    }


def _check_sums(folder: Path) -> list[Finding]:
    sums = folder / SUMS
    if not sums.exists():
        return []
    findings = []
    for line in sums.read_text(encoding="utf-8").splitlines():
        expected, _, name = line.partition("  ")
        file = folder / name
        if not file.exists():
            findings.append(Finding(Path(name).stem, "", 0, f"{name} is missing"))
        elif sha256_of(file) != expected:
            findings.append(Finding(Path(name).stem, "", 0, f"{name} is not the file that {SUMS} describes"))
    return findings


def _read_parts(known: Contract, file: Path) -> Iterator[tuple[pl.DataFrame | None, list[Finding]]]:
    """The file in parts with the contract's types and row numbers, and what could not be typed."""
    if file.suffix == ".parquet":
        try:
            stored = pq.ParquetFile(file)
        except (pa.ArrowInvalid, OSError) as error:
            yield None, [Finding(known.name, "", 0, f"{file.name} is not a readable Parquet file: {error}")]
            return
        names = stored.schema_arrow.names
        parts = (pl.from_arrow(stored.read_row_group(part)) for part in range(stored.num_row_groups))
    else:
        names = pl.read_csv(file, n_rows=0, infer_schema=False).columns
        parts = pl.scan_csv(file, infer_schema=False).collect_batches(chunk_size=CSV_ROWS, maintain_order=True)
    wanted = [column.name for column in known.columns]
    if names != wanted:
        faults = [Finding(known.name, name, 0, "the column is missing") for name in wanted if name not in names]
        extra = [name for name in names if name not in wanted]
        faults += [Finding(known.name, name, 0, "the contract has no such column") for name in extra]
        yield None, faults or [Finding(known.name, "", 0, f"the columns are not in the contract's order: {wanted}")]
        return
    first = 1
    for part in parts:
        typed, faults = _typed(known, part, first, file.suffix == ".csv")
        first += part.height
        yield typed, faults


def _typed(known: Contract, part: pl.DataFrame, first: int, from_csv: bool) -> tuple[pl.DataFrame, list[Finding]]:
    rows = pl.Series(ROW, range(first, first + part.height), dtype=pl.Int64)
    columns, faults = [rows], []
    bad = pl.Series(np.zeros(part.height, dtype=bool))
    for column in known.columns:
        values, kind = part[column.name], _POLARS[column.type]
        if column.type == "category":
            converted = values.cast(pl.String)
        elif not from_csv and values.dtype != kind:
            faults.append(Finding(known.name, column.name, 0, f"has type {values.dtype} and not {column.type}"))
            converted = values.cast(kind, strict=False)
        elif from_csv and column.type == "bool":
            converted = values.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
        elif from_csv and column.type == "list_float32":
            converted = values.str.split(" ").list.eval(pl.element().cast(pl.Float32, strict=False))
        elif from_csv and column.type == "date":
            converted = values.str.to_date("%Y-%m-%d", strict=False)
        elif from_csv and column.type == "datetime":
            converted = values.str.to_datetime(time_unit="us", strict=False)
        else:
            converted = values.cast(kind, strict=False)
        lost = converted.is_null() & values.is_not_null()
        if lost.any():
            faults += _listed(known.name, column.name, f"is not of type {column.type}", rows, values, lost)
            bad = bad | lost
        columns.append(converted.alias(column.name))
    # Rows with an unreadable value are reported once, as such.
    return pl.DataFrame(columns).filter(~bad), faults


def _listed(table: str, column: str, rule: str, rows: pl.Series, values: pl.Series | None, wrong: pl.Series) -> list:
    numbers = rows.filter(wrong)
    shown = ["" if values is None else str(v) for v in (rows if values is None else values).filter(wrong).head(LISTED)]
    pairs = zip(numbers.head(LISTED), shown, strict=True)
    findings = [Finding(table, column, row, rule, value) for row, value in pairs]
    if len(numbers) > LISTED:
        last = findings[-1]
        findings[-1] = Finding(table, column, last.row, rule, last.value, len(numbers) - LISTED)
    return findings


def _check_table(known: Contract, file: Path, files: dict[str, Path]) -> list[Finding]:
    findings: list[Finding] = []
    keys, references = [], {c.name: c.references for c in known.columns if c.references}
    ids = {target: _reference_values(target, files) for target in set(references.values())}
    for frame, faults in _read_parts(known, file):
        findings += faults
        if frame is None or not frame.height:
            continue
        findings += _check_rows(known, frame)
        for name, target in references.items():
            if ids[target] is not None:
                wrong = ~frame[name].is_in(ids[target].implode()) & frame[name].is_not_null()
                rule = f"does not occur in {target}"
                findings += _listed(known.name, name, rule, frame[ROW], frame[name], wrong)
        for column in known.columns:
            if column.control_digits:
                wrong = pl.Series(_wrong_control_digits(column, frame[column.name]))
                rule = "has wrong control digits"
                findings += _listed(known.name, column.name, rule, frame[ROW], frame[column.name], wrong)
        keys.append(frame.select(ROW, *known.key))
    if len(keys) > 1:
        whole = pl.concat(keys)
        again = ~whole.select(pl.struct(known.key).is_first_distinct()).to_series()
        again &= ~pl.concat([_repeats(part, known.key) for part in keys])
        findings += _listed(known.name, ", ".join(known.key), _RULES["primary_key"], whole[ROW], None, again)
    return _merged(findings)


def _repeats(part: pl.DataFrame, key: tuple[str, ...]) -> pl.Series:
    """Rows whose key is repeated within the part; those are reported already."""
    return part.select(pl.struct(key).is_duplicated()).to_series()


def _check_rows(known: Contract, frame: pl.DataFrame) -> list[Finding]:
    failure = _schema_with_row(known.name).filter(frame)[1]
    if not failure.counts():
        return []
    details, findings = failure.details(), []
    for rule in failure.counts():
        column, _, kind = rule.rpartition("|")
        wrong = details[rule].cast(pl.String) == "invalid"
        name = column or ", ".join(known.key)
        limit = getattr(known.by_name.get(column), kind, None) if kind in ("min", "max") else None
        text = _RULES.get(kind, kind) + ("" if limit is None else f" {limit}")
        values = details[column] if column in details.columns else None
        findings += _listed(known.name, name, text, details[ROW], values, wrong)
    return findings


def _wrong_control_digits(column: Column, values: pl.Series) -> np.ndarray:
    length = 11 if column.control_digits == "national_id" else 9
    readable = values.str.contains(f"^[0-9]{{{length}}}$").fill_null(False).to_numpy()
    numbers = pl.select(pl.when(pl.Series(readable)).then(values).otherwise(pl.lit("0" * length))).to_series()
    number = numbers.cast(pl.Int64).to_numpy()
    if column.control_digits == "national_id":
        k1, k2 = control_digits(number // 100)
        right = (k1 < 10) & (k2 < 10) & (k1 * 10 + k2 == number % 100)
    else:
        right = organisation_control_digit(number // 10) == number % 10
    # What is not a number at all is the pattern's business.
    return readable & ~right


def _reference_values(target: str, files: dict[str, Path]) -> pl.Series | None:
    table, _, column = target.partition(".")
    if table not in files:
        return None
    file, kind = files[table], _POLARS[contract(table).by_name[column].type]
    read = pl.scan_parquet(file) if file.suffix == ".parquet" else pl.scan_csv(file, infer_schema=False)
    try:
        return read.select(pl.col(column).cast(kind, strict=False)).collect().to_series().unique()
    except (pl.exceptions.ComputeError, pl.exceptions.ColumnNotFoundError):
        return None  # the check of that table itself reports the broken file or the missing column


def _merged(findings: list[Finding]) -> list[Finding]:
    """At most `LISTED` findings a rule and column over all parts of the file; the last one counts the rest."""
    kept: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kept.setdefault((finding.column, finding.rule), []).append(finding)
    merged = []
    for same in kept.values():
        more = sum(f.more for f in same) + max(0, len(same) - LISTED)
        last = same[:LISTED][-1]
        merged += same[:LISTED][:-1]
        merged.append(Finding(last.table, last.column, last.row, last.rule, last.value, more))
    return merged
