"""What stands in the notebooks of a submission: the student's code, what the tests said, when cells were run."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_solution

from hipkit.grading.roles import is_test
from hipkit.grading.said import said_by

# hipkit.teaching.show_score prints this line.
SCORE = re.compile(
    r"^Score: (?P<name>.+?) = (?P<value>[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?) \((?P<better>lower|higher) is better\)$",
    re.MULTILINE,
)
# A longer pause between two runs of cells is no work on the assignment.
PAUSE_MINUTES = 30


@dataclass(frozen=True)
class Score:
    """A line of the scoreboard."""

    name: str
    value: float
    better: str  # "lower" or "higher"


@dataclass(frozen=True)
class Executed:
    """An autograded notebook.

    Attributes:
        code: grade_id of a cell that the student writes -> the code in it.
        said: grade_id of a test cell -> what it said, as `hipkit.grading.said.said_by`.
        scores: grade_id of a test cell -> the scores it shows.
    """

    code: dict[str, str]
    said: dict[str, str]
    scores: dict[str, list[Score]]


def read_executed(path: Path) -> Executed:
    """Read a notebook that has been graded."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    tests = {_id(cell): cell for cell in cells if is_test(cell)}
    return Executed(
        code={_id(cell): cell.source for cell in cells if is_solution(cell)},
        said={name: said_by(cell.outputs) for name, cell in tests.items()},
        scores={name: _scores(cell) for name, cell in tests.items()},
    )


def minutes_at_work(path: Path) -> float | None:
    """Minutes between the first and the last run of a cell in a notebook that was handed in, without long pauses.

    JupyterLab keeps, for each cell, when it was last run, if the student has switched that on.

    Returns:
        None where fewer than two cells carry a time.
    """
    times = sorted(time for cell in nbformat.read(path, as_version=4).cells if (time := _ran(cell)))
    if len(times) < 2:
        return None
    gaps = [(late - early).total_seconds() / 60 for early, late in pairwise(times)]
    return sum(gap for gap in gaps if gap <= PAUSE_MINUTES)


def _ran(cell: NotebookNode) -> datetime | None:
    stamps = cell.metadata.get("execution", {})
    text = stamps.get("iopub.execute_input") if isinstance(stamps, dict) else None
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:  # there is none, or the student's file says what it likes
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _scores(cell: NotebookNode) -> list[Score]:
    printed = "".join(one.text for one in cell.outputs if one.output_type == "stream" and one.name == "stdout")
    return [Score(line["name"], float(line["value"]), line["better"]) for line in SCORE.finditer(printed)]


def _id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id
