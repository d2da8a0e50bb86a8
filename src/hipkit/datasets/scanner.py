"""Finds identity data that may belong to a living person: in a text, in a repository, in a built book.

Four rules, each the mirror of a rule that the generator keeps:

* ``national-id``: an 11-digit number whose control digits pass, under the rule in force or under the rule for numbers
  issued from 2032, must have a month field of 81-92 (the range that the Norwegian Tax Administration keeps for
  synthetic persons). D-numbers, H-numbers and emergency numbers (FH) are caught by the same test.
* ``phone``: a Norwegian number of 8 digits must lie in 6805 0000-6805 9999, the range that Nkom keeps for film and
  television.
* ``e-mail``: the domain must be reserved for examples (RFC 2606, RFC 6761).

The control digits are described by the Norwegian Tax Administration, "Nytt fødselsnummer fra 2032": the first control
digit k1 may be 11, 12, 13 or 14 minus the weighted sum modulo 11 (only 11 before 2032); the second is unchanged.
"""

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hipkit.errors import KitError

WEIGHTS_1 = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2, 1], dtype=np.int16)
WEIGHTS_2 = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], dtype=np.int16)
REMAINDERS_2032 = 4  # k1 + weighted sum, modulo 11, may be 0 (the rule in force), 1, 2 or 3 (from 2032)

MEND = {
    "national-id": "take the number out; if the text needs one, use a number from the course's persons (month + 80)",
    "phone": "use a number in 6805 0000-6805 9999, which is kept for film and television",
    "e-mail": "use an address under example.org, example.com, example.net, .test, .example or .invalid",
}

# Folders that are made, fetched or kept by tools; the made population is proven number by number by its own gate.
SKIP_FOLDERS = frozenset(
    {
        ".git",
        ".venv",
        "_build",
        "node_modules",
        "__pycache__",
        ".pytest_cache",
        ".ruff_cache",
        ".ipynb_checkpoints",
        "population",
        "exports",
    }
)
# Written by others and shipped as it is: its authors' addresses are not identities of patients.
THIRD_PARTY = frozenset({".js", ".mjs", ".css", ".map"})
LARGEST_TEXT = 64 * 2**20

# Each pattern begins with one set of characters or one letter, which lets `re` skip the rest of a text quickly; what
# stands before a hit is looked at afterwards, in code.
_GAPS = " \xa0\u202f"  # the space, and the spaces that do not break a line
_SPACE = f"[{_GAPS}]"
_DIGITS = re.compile(r"[0-9][0-9]{10,}")
# The printed form of a number: a gap after the birth date.
_PRINTED = re.compile(rf"[0-9][0-9]{{5}}[{_GAPS}\t:-][0-9]{{5}}(?![0-9])(?![.,][0-9])")
_EIGHT = re.compile(
    rf"[0-9](?:[0-9]{{7}}|[0-9]{{2}}{_SPACE}[0-9]{{2}}{_SPACE}[0-9]{{3}}|[0-9](?:{_SPACE}[0-9]{{2}}){{3}})(?![0-9])"
)
_COUNTRY_CODE = re.compile(rf"(?<![0-9A-Za-z])(?:\+|00)47{_SPACE}?\Z")
_SAYS_PHONE = re.compile(
    r"(?<![A-Za-z])(?:phone|telephone|telefon|tlf|mobil|mobile|mob|tel)(?:[ _-]?(?:number|nummer|nr|no))?"
    r"[\"'*\s.:=(]{1,6}\Z",
    re.IGNORECASE,
)
# A group of digits before or after: a row of a table or of an array, a sum of money, a share.
_NUMBERS_BEFORE = re.compile(rf"[0-9\[(,.+-]{_SPACE}?\Z|[A-Za-z]\Z")
_NUMBERS_AFTER = re.compile(rf"%|[\])]|[.,:][0-9]|{_SPACE}+[0-9\])(%]")
_LOOK_BACK = 32
_WORD = re.compile(r"[0-9A-Za-z+/=_-]")
_PHONE_COLUMN = re.compile(r"phone|telefon|tlf|mobil", re.IGNORECASE)
_MAIL_DOMAIN = re.compile(r"@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})(?![\w(\[])")
_MAIL_BOX = re.compile(r"[A-Za-z0-9._%+-]+\Z")
_RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:org|com|net)|test|example|invalid|localhost)$", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One forbidden thing: where it is, which rule it breaks, what it looks like (masked) and how to mend it."""

    rule: str
    shown: str
    line: int
    file: str = ""
    where: str = ""

    @property
    def mend(self) -> str:
        """What the author should do."""
        return MEND[self.rule]

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file else f"line {self.line}"
        detail = f" ({self.where})" if self.where else ""
        return f"{place}{detail}: {self.rule}: {self.shown}: {self.mend}"


@dataclass
class Scan:
    """What a scan of a folder gave: findings, the number of files read, and the files it cannot read (pictures, …)."""

    findings: list[Finding] = field(default_factory=list)
    read: int = 0
    unread: list[Path] = field(default_factory=list)


def as_digits(numbers: Iterable[str]) -> np.ndarray:
    """Turn n strings of 11 digits into an (n, 11) array of uint8. Raises ValueError if a string is anything else."""
    joined = "".join(numbers).encode("ascii")
    digits = np.frombuffer(joined, dtype=np.uint8) - ord("0")
    if len(joined) % 11 or (digits > 9).any():
        raise ValueError("national identity numbers are strings of 11 digits")
    return digits.reshape(-1, 11)


def passes_control(digits: np.ndarray) -> np.ndarray:
    """Say which numbers have control digits that pass, now or under the 2032 rule: (n, 11) digits to (n,) bool."""
    wide = digits.astype(np.int16)
    first = (wide[:, :10] @ WEIGHTS_1) % 11 < REMAINDERS_2032
    return first & ((wide @ WEIGHTS_2) % 11 == 0)


def is_forbidden(digits: np.ndarray) -> np.ndarray:
    """Say which numbers could belong to a person: control digits pass and the month field is not 81-92. (n,) bool."""
    month = digits[:, 2].astype(np.int16) * 10 + digits[:, 3]
    return passes_control(digits) & ~((month >= 81) & (month <= 92))


def _forbidden(number: str) -> bool:
    digits = [ord(c) - 48 for c in number]
    if 81 <= digits[2] * 10 + digits[3] <= 92:
        return False
    if sum(w * d for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=True)) % 11:
        return False
    return sum(w * d for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), digits, strict=False)) % 11 < REMAINDERS_2032


def _possible_date(number: str) -> bool:
    """Could the first six digits be the birth date of a number in use? Only asked of the printed form."""
    day, month = int(number[:2]), int(number[2:4])
    return 1 <= (day - 40 if day > 40 else day) <= 31 and (1 <= month <= 12 or 41 <= month <= 52 or 66 <= month <= 77)


def _inside_hash(text: str, start: int, end: int) -> bool:
    """Are the digits part of a longer word, such as a hash, a UUID or an encoded picture, and not of a short label?"""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if not (before.isalnum() or after.isalnum() or before in "-+/" or after in "-+/="):
        return False
    left = start
    while left and start - left < 80 and _WORD.match(text[left - 1]):
        left -= 1
    right = end
    while right < len(text) and right - end < 80 and _WORD.match(text[right]):
        right += 1
    return right - left >= 32


def _is_decimal(text: str, start: int) -> bool:
    """Do the digits at `start` follow a digit, or the decimal sign of a number?"""
    before = text[max(start - 2, 0) : start]
    return before[-1:].isdigit() or (before[-1:] in (".", ",") and before[:1].isdigit() and len(before) == 2)


def _numbers(text: str) -> Iterator[tuple[str, str, int]]:
    for match in _DIGITS.finditer(text):
        number, (start, end) = match[0], match.span()
        if len(number) != 11 or not _forbidden(number) or _is_decimal(text, start):
            continue
        if not (text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit()) and not _inside_hash(
            text, start, end
        ):
            yield "national-id", number[:2] + "*" * 9, start
    for match in _PRINTED.finditer(text):
        number = match[0][:6] + match[0][7:]
        if _is_decimal(text, match.start()) or not _forbidden(number) or not _possible_date(number):
            continue
        if not _inside_hash(text, *match.span()):
            yield "national-id", number[:2] + "*" * 4 + match[0][6] + "*" * 5, match.start()


def _telephones(text: str) -> Iterator[tuple[str, str, int]]:
    for match in _EIGHT.finditer(text):
        start, end = match.span()
        digits = match[0] if match[0].isdigit() else "".join(filter(str.isdigit, match[0]))
        before = text[max(start - _LOOK_BACK, 0) : start]
        country = _COUNTRY_CODE.search(before)
        if digits.startswith("6805") or digits[0] in "01" or (before[-1:].isdigit() and not country):
            continue
        grouped = len(match[0]) > 8 and not _NUMBERS_BEFORE.search(before) and not _NUMBERS_AFTER.match(text, end)
        if grouped or country or _SAYS_PHONE.search(before):
            yield "phone", digits[:2] + "*" * 6, start


def _addresses(text: str) -> Iterator[tuple[str, str, int]]:
    for match in _MAIL_DOMAIN.finditer(text):
        box = _MAIL_BOX.search(text, max(match.start() - 64, 0), match.start())
        # git@host:path is how git writes a remote, not a mailbox of a person.
        if box and box[0] != "git" and not _RESERVED.search(match[1]):
            yield "e-mail", "…@" + match[1], box.start()


def scan_text(text: str, emails: bool = True) -> list[Finding]:
    """Find every forbidden identifier in `text`, in the order of the text.

    Arguments: the text, and whether e-mail addresses are looked at (not in code written by others).
    Returns findings with the line counted from 1. Pure: reads no file and keeps nothing.
    """
    hits = [*_numbers(text), *_telephones(text)]
    if emails and "@" in text:
        hits += _addresses(text)
    hits.sort(key=lambda hit: hit[2])
    return [Finding(rule, shown, text.count("\n", 0, at) + 1) for rule, shown, at in hits]


def scan_tree(root: Path | str) -> Scan:
    """Scan every file under `root`: text, notebooks, CSV and Parquet.

    Folders in SKIP_FOLDERS are not entered (give the built book's own folder as root to scan it). Files that hold no
    text are listed in `unread`. Raises KitError when root is missing or a file cannot be read.
    """
    root = Path(root)
    if not root.is_dir():
        raise KitError(f"There is no folder {root} to scan.")
    scan = Scan()
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(f for f in subfolders if f not in SKIP_FOLDERS and not f.endswith(".egg-info"))
        for name in sorted(names):
            path = Path(folder, name)
            found = _scan_file(path)
            if found is None:
                scan.unread.append(path)
                continue
            scan.read += 1
            scan.findings += [replace(f, file=path.relative_to(root).as_posix()) for f in found]
    return scan


def _scan_file(path: Path) -> list[Finding] | None:
    """The findings in one file, or None when it holds no text that can be read."""
    if path.suffix == ".parquet":
        return _scan_parquet(path)
    try:
        if path.is_symlink() and not path.exists():
            return None
        with path.open("rb") as file:
            head = file.read(8192)
            if b"\0" in head or path.stat().st_size > LARGEST_TEXT:
                return None
            raw = head + file.read()
    except OSError as error:
        raise KitError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if path.suffix == ".ipynb":
        return _scan_notebook(text)
    found = scan_text(text, emails=path.suffix not in THIRD_PARTY)
    if path.suffix in {".csv", ".tsv"}:
        found += _scan_phone_columns(text, "\t" if path.suffix == ".tsv" else ",")
    return found


def _strings(node: object) -> Iterator[str]:
    """Every text in a notebook's JSON, lines joined; encoded pictures left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list) and node and all(isinstance(item, str) for item in node):
        yield "".join(node)
    elif isinstance(node, list):
        for item in node:
            yield from _strings(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if not (name.startswith("image/") and name != "image/svg+xml"):
                yield from _strings(value)


def _scan_notebook(text: str) -> list[Finding]:
    try:
        cells = json.loads(text)["cells"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return scan_text(text)  # not a notebook after all: read it as any text
    found = []
    for number, cell in enumerate(cells, start=1):
        for string in _strings(cell):
            found += [replace(f, where=f"cell {number}, line {f.line} of it") for f in scan_text(string)]
    # The line of the file itself is unknown after parsing; the cell says where.
    return [replace(f, line=0) for f in found]


def _phone_findings(values: Iterable[tuple[int, str]], column: str) -> list[Finding]:
    found = []
    for line, value in values:
        digits = re.sub(r"^(?:\+|00)47|[^0-9]", "", value)
        if len(digits) == 8 and not digits.startswith("6805"):
            found.append(Finding("phone", digits[:2] + "*" * 6, line, where=f"column {column}"))
    return found


def _scan_phone_columns(text: str, delimiter: str) -> list[Finding]:
    """Phones in a CSV stand bare in their column: the header is the word that says telephone."""
    header = text.split("\n", 1)[0]
    if not _PHONE_COLUMN.search(header):
        return []
    rows = csv.reader(text.splitlines(), delimiter=delimiter)
    names = next(rows)
    found = []
    table = list(rows)
    for index, name in enumerate(names):
        if _PHONE_COLUMN.search(name):
            values = ((line, row[index]) for line, row in enumerate(table, start=2) if len(row) > index)
            found += _phone_findings(values, name)
    return found


def _scan_parquet(path: Path) -> list[Finding]:
    import polars as pl  # only here: the rest of the scanner works without it

    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise KitError(f"{path} is not a Parquet file that can be read; make it again.") from error
    found = []
    for name, dtype in frame.schema.items():
        if dtype not in (pl.String, pl.Categorical, pl.Enum):
            continue
        values = frame[name].cast(pl.String).drop_nulls().unique(maintain_order=True)
        suspect = values.filter(values.str.contains(r"[0-9]{6}[^0-9]?[0-9]{5}|@|[0-9]{2} ?[0-9]{2,3} ?[0-9]{2,3}"))
        # One value a line: values that stand apart in the column stay apart in the text.
        if _PHONE_COLUMN.search(name):
            found += _phone_findings(enumerate(values.to_list(), start=1), name)
        elif (plain := suspect.filter(suspect.str.contains(r"^[0-9]{11}$"))).len():
            bad = is_forbidden(as_digits(plain.to_list()))
            found += [
                Finding("national-id", number[:2] + "*" * 9, 0, where=f"column {name}")
                for number in plain.filter(pl.Series(bad)).to_list()
            ]
            suspect = suspect.filter(~suspect.str.contains(r"^[0-9]{11}$"))
        for value in suspect.to_list() if not _PHONE_COLUMN.search(name) else ():
            found += [replace(f, where=f"column {name}") for f in scan_text(value)]
    return [replace(f, line=0) for f in found]
