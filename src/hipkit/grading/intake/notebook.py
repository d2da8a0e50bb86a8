"""Reads a stranger's notebook: a file that may be anything becomes a valid notebook of version 4, or is refused.

Outputs are left out: grading makes its own, and the libraries take minutes to find what is wrong with a hundred
thousand of them. A file that has none and is sound stays as it is, byte for byte; else the notebook is written anew.
"""

import json
import math
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema
import nbformat
from nbformat import NotebookNode, ValidationError
from nbgrader.nbgraderformat import SCHEMA_VERSION, MetadataValidator

from hipkit.grading.intake.findings import Finding, Refused, shown

# Python objects take up to thirty times the room of their JSON, so what is written is bounded before it is read.
MOST_BRACKETS = 250_000  # that open, in the whole text
MOST_COMMAS = 1_000_000
MOST_VALUES = 100_000  # when the outputs are gone
DEEPEST = 100  # levels of JSON; a notebook needs ten
MOST_DIGITS = 100  # of a whole number
MOST_CELLS = 2_000

AGAIN = "Open it in JupyterLab, save it and hand it in again."
COPY = "Download the assignment again, copy your answers into it and hand that in."
# What a library meets in a notebook that is built wrongly.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def sound_notebook(data: bytes, name: str) -> tuple[bytes, list[Finding]]:
    """A valid notebook of version 4, with nbgrader's data of today's version, and what had to be mended.

    Args:
        data: the file; its size is the caller's to bound.
        name: what the file is called, for the sentences.

    Raises:
        Refused: it is no notebook, or damaged where it cannot be mended without guessing.
    """
    mended: list[Finding] = []
    content = _parsed(_text(data, name, mended), name, mended)
    cells = _cells(content, name)
    had_outputs = _clear_outputs(cells)
    _require_small(content, name)
    notebook = _valid(_current(content, cells, name, mended), name, mended)
    _upgrade_grading_data(notebook, name, mended)
    if not mended and not had_outputs:
        return data, []
    return (nbformat.v4.writes_json(notebook) + "\n").encode("utf-8"), mended


def _text(data: bytes, name: str, mended: list[Finding]) -> str:
    if not data.strip():
        raise _refusal(name, "is empty", "Save your notebook and hand it in again.")
    if data.startswith(b"\xef\xbb\xbf"):
        mended.append(_mend(name, "begins with a byte order mark, which was left out"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(name, "is not in UTF-8, as a notebook is", AGAIN) from None


def _parsed(text: str, name: str, mended: list[Finding]) -> dict[str, Any]:
    if text.count("[") + text.count("{") > MOST_BRACKETS or text.count(",") > MOST_COMMAS:
        raise _refusal(name, "holds more than a notebook can", "Clear all outputs, save it and hand it in again.")
    oddities: set[str] = set()

    def whole(digits: str) -> int:
        if len(digits) > MOST_DIGITS:
            raise _refusal(name, f"holds a number of {len(digits)} digits", COPY)
        return int(digits)

    def decimal(digits: str) -> float | None:
        return value if math.isfinite(value := float(digits)) else not_finite(digits)

    def not_finite(_: str) -> None:
        oddities.add("holds numbers that JSON does not have (NaN, Infinity), which were left empty")

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            oddities.add("says something twice under one name, of which the last was taken")
        return found

    try:
        content = json.loads(
            text, parse_int=whole, parse_float=decimal, parse_constant=not_finite, object_pairs_hook=pairs
        )
        if _size(content)[0] > DEEPEST:
            raise RecursionError
    except json.JSONDecodeError as error:
        problem = f"is not whole: it stops being JSON at line {error.lineno}, column {error.colno}"
        raise _refusal(name, problem, AGAIN) from None
    except RecursionError:
        raise _refusal(name, f"is nested more than {DEEPEST} levels deep, which no notebook is", COPY) from None
    try:
        if r"\ud" in text.lower():  # only as an escape can half a character stand in UTF-8
            json.dumps(content, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        oddities.add("holds half characters, which were replaced by question marks")
        content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    mended += [_mend(name, oddity) for oddity in sorted(oddities)]
    return content


def _size(value: Any) -> tuple[int, int]:
    """How many levels JSON has, and how many values; of levels, no more than one above DEEPEST are looked at."""
    # Level by level: a recursion would meet the same limit as what it guards.
    levels, values, level = 0, 0, [value]
    while level and levels <= DEEPEST:
        levels += 1
        values += len(level)
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [child for children in inside for child in children]
    return levels, values


def _cells(content: Any, name: str) -> list[dict[str, Any]]:
    """The cells of a notebook of version 3 or 4."""
    version = content.get("nbformat") if isinstance(content, dict) else None
    minor = content.get("nbformat_minor", 0) if isinstance(content, dict) else None
    if type(version) is not int or type(minor) is not int:
        raise _refusal(name, "is JSON, but no notebook", f"Hand in the file that ends in .ipynb. {AGAIN}")
    if version not in (3, 4):
        raise _refusal(name, f"is in version {version} of the notebook format; 3 and 4 can be read", AGAIN)
    holder = content
    if version == 3:
        # nbformat takes several sheets; no program ever wrote more than one.
        sheets = content.get("worksheets")
        holder = sheets[0] if isinstance(sheets, list) and len(sheets) == 1 else None
    cells = holder.get("cells") if isinstance(holder, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise _refusal(name, "has no list of cells", COPY)
    if len(cells) > MOST_CELLS:
        raise _refusal(name, f"has more than {MOST_CELLS} cells", "Take out what is not your answer.")
    return cells


def _clear_outputs(cells: list[dict[str, Any]]) -> bool:
    """Take the outputs out, and the numbers of the runs that made them; whether there were any."""
    had = False
    for cell in cells:
        for field, empty in (("outputs", []), ("execution_count", None), ("prompt_number", None)):
            if cell.get(field, empty) != empty:
                cell[field] = deepcopy(empty)
                had = True
    return had


def _require_small(content: Any, name: str) -> None:
    if _size(content)[1] > MOST_VALUES:
        raise _refusal(name, "holds more than a notebook can, besides its outputs", COPY)


def _current(content: dict[str, Any], cells: list[dict[str, Any]], name: str, mended: list[Finding]) -> NotebookNode:
    """The content as a notebook of version 4."""
    minor = content.get("nbformat_minor", 0)
    try:
        if content["nbformat"] == 4:
            return nbformat.v4.to_notebook_json(content, minor=minor)
        for cell in cells:
            if cell.get("cell_type") == "heading" and cell.get("level", 1) not in range(1, 7):
                raise _refusal(name, "has a heading of a level that there is not", COPY)
        notebook = nbformat.convert(nbformat.v3.to_notebook_json(content, minor=minor), 4)
    except MALFORMED:
        raise _refusal(name, "is built as no notebook is", COPY) from None
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # nbformat draws them: the same file must give the same notebook
    mended.append(_mend(name, "was in version 3 of the notebook format and was brought to version 4"))
    return notebook


def _valid(notebook: NotebookNode, name: str, mended: list[Finding]) -> NotebookNode:
    """The notebook if it fits the format's schema; else without all that is no answer, if that fits."""
    if (fault := _invalid(notebook)) is None:
        return notebook
    answers = NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=[])
    for number, cell in enumerate(notebook.cells):
        kept = NotebookNode(
            id=f"cell-{number}",
            cell_type=cell.get("cell_type"),
            metadata=cell.get("metadata", NotebookNode()),
            source=cell.get("source"),
        )
        answers.cells.append(NotebookNode(kept, outputs=[], execution_count=None) if _is_code(cell) else kept)
    if (worse := _invalid(answers)) is not None:
        raise _refusal(name, f"breaks the rules of the notebook format ({worse})", COPY)
    mended.append(_mend(name, f"breaks the rules of the notebook format ({fault}); only its cells were kept"))
    return answers


def _is_code(cell: NotebookNode) -> bool:
    return cell.get("cell_type") == "code"


def _invalid(notebook: NotebookNode) -> str | None:
    """What of the notebook breaks the format's schema; None where nothing does."""
    ids = [cell.get("id") for cell in notebook.cells]
    if notebook.get("nbformat_minor", 0) >= 5 and (None in ids or len({str(one) for one in ids}) < len(ids)):
        return "a cell has no id of its own"  # nbformat would draw one, another each time
    try:
        nbformat.validate(notebook)
    except (ValidationError, *MALFORMED) as error:
        return _reason(error)
    return None


def _upgrade_grading_data(notebook: NotebookNode, name: str, mended: list[Finding]) -> None:
    """Bring nbgrader's data on the cells to today's version, as `nbgrader update` does."""
    validator = MetadataValidator()
    # Made once: it is thirty cells and more, and `jsonschema.validate` would look at the schema itself each time.
    whole = jsonschema.validators.validator_for(validator.schema)(validator.schema)
    old = False
    for number, cell in _graded_cells(notebook):
        before = deepcopy(cell.metadata.nbgrader)
        version = before.get("schema_version", 0) if isinstance(before, dict) else None
        if type(version) is int and version > SCHEMA_VERSION:
            problem = f"was made by a newer nbgrader than the course's (version {version} in cell {number})"
            raise _refusal(name, problem, COPY)
        try:
            if type(version) is not int:
                raise TypeError("it is no entry of nbgrader's")
            # nbgrader logs what it takes away; the finding below says it to those whom it concerns.
            validator.upgrade_cell_metadata(cell)
            if "nbgrader" in cell.metadata:
                _require_whole(cell.metadata.nbgrader, whole)
        except (jsonschema.ValidationError, *MALFORMED) as error:
            problem = f"has damaged data of nbgrader's in cell {number} ({_reason(error)})"
            raise _refusal(name, problem, COPY) from None
        old |= cell.metadata.get("nbgrader") != before
    if old:
        mended.append(_mend(name, "had data of an older nbgrader, which was brought to today's version"))


def _graded_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    for number, cell in enumerate(notebook.cells, start=1):
        if "nbgrader" in cell.metadata:
            yield number, cell


def _require_whole(entry: dict[str, Any], schema: jsonschema.protocols.Validator) -> None:
    """Raise where nbgrader would stumble over a cell's entry. Which values are right, the teacher's source says."""
    if error := jsonschema.exceptions.best_match(schema.iter_errors(entry)):
        raise error
    if (entry["grade"] or entry["solution"] or entry["locked"]) and not entry.get("grade_id"):
        raise KeyError("grade_id")
    if entry["grade"] and "points" not in entry:
        raise KeyError("points")


def _reason(error: Exception) -> str:
    reason = getattr(error, "message", "") or f"{type(error).__name__}: {error}"
    return shown(" ".join(str(reason).split()))[1:-1]


def _refusal(name: str, problem: str, mend: str) -> Refused:
    return Refused(f"The notebook {shown(name)} {problem}.", f"Your notebook {shown(name)} {problem}. {mend}")


def _mend(name: str, change: str) -> Finding:
    return Finding(f"The notebook {shown(name)} {change}.", f"Your notebook {shown(name)} {change}.")
