"""Wrong answers that a grader must catch, each a Python file with a header in the manner of PEP 723.

A file `assignments/mutants/<slug>/<name>.py`::

    # /// mutant
    # misconception = "Epsilon inverted"
    # revisit = "differential-privacy#the-laplace-mechanism"
    # loses = {"laplace-test" = 3}
    # ///
    # %% laplace
    def laplace_count(...):
        ...

The lines between the fences are TOML. Each `# %% <grade_id>` begins the code that replaces that solution cell.
"""

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from hipkit.errors import KitError
from hipkit.paths import ASSIGNMENTS

OPENS, CLOSES = "# /// mutant", "# ///"
CELL = re.compile(r"# %% (?P<grade_id>[\w-]+)\s*")
FIELDS = {"misconception": str, "revisit": str, "loses": dict}


@dataclass(frozen=True)
class Mutant:
    """A wrong answer: what its author believed, where to read again, and what it must cost."""

    name: str
    misconception: str
    revisit: str  # <slug>#<heading> of the lesson
    loses: dict[str, float]  # grade_id of a test cell -> points that the wrong answer loses there
    cells: dict[str, str]  # grade_id of a solution cell -> the code that replaces it


def read_mutant(path: Path) -> Mutant:
    """Read one wrong answer.

    Raises:
        KitError: the header or a cell is missing or malformed; the message names the file and what to write.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != OPENS or CLOSES not in lines[1:]:
        raise KitError(f"{path}: there is no header. Begin the file with '{OPENS}' and end the header with '{CLOSES}'.")
    end = lines.index(CLOSES, 1)
    fields = _header(path, lines[1:end])
    return Mutant(path.stem, **fields, cells=_cells(path, lines[end + 1 :]))


def read_mutants(slug: str, course_root: Path = ASSIGNMENTS) -> list[Mutant]:
    """Every wrong answer to an assignment, by name.

    Raises:
        KitError: one of them is malformed.
    """
    return [read_mutant(path) for path in sorted((course_root / "mutants" / slug).glob("*.py"))]


def misfit(mutant: Mutant, solutions: set[str], worth: dict[str, float]) -> str | None:
    """Why a wrong answer cannot be put into an assignment with these solution cells and points of test cells."""
    if unknown := sorted(set(mutant.cells) - solutions):
        return f"there is no solution cell {unknown[0]!r}. There are: {', '.join(sorted(solutions))}."
    for test, lost in mutant.loses.items():
        if lost > worth.get(test, 0):
            known = ", ".join(f"{name} ({points:g})" for name, points in worth.items())
            return f"it cannot lose {lost:g} points in {test!r}. The tests are: {known}."
    return None


def _header(path: Path, lines: list[str]) -> dict[str, object]:
    if wrong := [line for line in lines if line != "#" and not line.startswith("# ")]:
        raise KitError(f"{path}: the header's line {wrong[0]!r} does not begin with '# '. Write it as a comment.")
    try:
        fields = tomllib.loads("\n".join(line[2:] for line in lines))
    except tomllib.TOMLDecodeError as error:
        raise KitError(f"{path}: the header is not valid TOML ({error}). Correct it.") from error
    for name, kind in FIELDS.items():
        if not isinstance(fields.get(name), kind) or not fields[name]:
            raise KitError(f"{path}: the header has no {name!r}, or it is empty or of the wrong type. Write it.")
    if unknown := sorted(set(fields) - set(FIELDS)):
        raise KitError(f"{path}: the header has an unknown field {unknown[0]!r}. Take it out.")
    if "#" not in fields["revisit"]:
        raise KitError(f"{path}: 'revisit' names a heading of a lesson. Write it as '<slug>#<heading>'.")
    for test, points in fields["loses"].items():
        if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
            raise KitError(f"{path}: 'loses' gives {points!r} for {test!r}. Write the points lost, a number above 0.")
    return fields


def _cells(path: Path, lines: list[str]) -> dict[str, str]:
    cells: dict[str, list[str]] = {}
    current = None
    for line in lines:
        if match := CELL.fullmatch(line):
            current = match["grade_id"]
            if current in cells:
                raise KitError(f"{path}: there are two cells '# %% {current}'. Make one of them.")
            cells[current] = []
        elif current is not None:
            cells[current].append(line)
        elif line.strip():
            raise KitError(f"{path}: {line!r} stands in no cell. Put '# %% <grade_id>' above it.")
    if not cells:
        raise KitError(f"{path}: there is no cell. Write '# %% <grade_id of the solution cell>' and the wrong code.")
    found = {grade_id: "\n".join(code).strip("\n") for grade_id, code in cells.items()}
    for grade_id, code in found.items():
        try:
            ast.parse(code)
        except SyntaxError as error:
            raise KitError(f"{path}: the cell {grade_id!r} is not valid Python ({error}). Correct it.") from error
    return found
