"""Every assignment is whole: its points and tasks, its one reflection with a rubric, and wrong answers that fit it."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.prose import anchors
from hipkit.checks.reading import Cell, assignments, cells, lessons, relative
from hipkit.errors import KitError
from hipkit.grading.mutants import Mutant, misfit, read_mutant

POINTS = 20
TASKS = (6, 8)
LEVELS = 3  # of a rubric: what earns nothing, half and all
FENCE = re.compile(r"^\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)\b", re.MULTILINE)

Faults = Iterator[tuple[int, str, str]]


def run(root: Path) -> list[Finding]:
    headings = {page.slug: anchors(page.text) for page in lessons(root)}
    found = []
    for path in assignments(root):
        content = cells(path)
        if not content:
            continue  # the notebooks check says why it cannot be read
        found += [Finding(relative(path, root), *fault) for fault in faults(content)]
        for wrong in sorted((root / "assignments" / "mutants" / path.stem).glob("*.py")):
            found += [Finding(relative(wrong, root), 0, *fault) for fault in _wrong_answer(wrong, content, headings)]
    return found


def faults(content: list[Cell]) -> Faults:
    """(number of the cell, problem, mend) for everything wrong with one assignment's notebook."""
    for grade_id, number in Counter(cell.grade_id for cell in content if cell.grade_id).items():
        if number > 1:
            line = [cell.line for cell in content if cell.grade_id == grade_id][1]
            yield line, f"{number} cells have the id '{grade_id}'", "Give each its own, in Create Assignment."
    for cell in content:
        yield from _fences(cell)
    points = sum(worth(content).values())
    if points != POINTS:
        mend = f"Give {POINTS} in all; the points of a test cell are set in Create Assignment."
        yield 0, f"the tests give {points:g} points", mend
    least, most = TASKS
    if not least <= (number := _tasks(content)) <= most:
        mend = f"Set {least} to {most}: a solution cell and after it one or more cells with tests."
        yield 0, f"the assignment has {number} autograded task{'s' * (number != 1)}", mend
    yield from _reflection(content)


def worth(content: list[Cell]) -> dict[str, float]:
    """Points of each test cell by its id; nothing where its points are no number."""
    given = {cell.grade_id: cell.nbgrader.get("points") for cell in content if cell.is_test}
    return {grade_id: points if isinstance(points, int | float) else 0 for grade_id, points in given.items()}


def _tasks(content: list[Cell]) -> int:
    """How often tests follow a solution cell."""
    graded = [cell for cell in content if cell.kind == "code" and (cell.is_solution or cell.is_test)]
    return sum(one.is_solution and then.is_test for one, then in pairwise(graded))


def _fences(cell: Cell) -> Faults:
    opened = None
    for mark, what in FENCE.findall(cell.source):
        if mark == "BEGIN" and not opened:
            opened = what
        elif mark == "END" and opened == what:
            opened = None
        else:
            yield cell.line, f"'### {mark} {what}' stands where it cannot", "Write BEGIN and END in pairs, one by one."
            return
    if opened:
        yield cell.line, f"'### BEGIN {opened}' has no END", f"Write '### END {opened}' after it, in the same cell."


def _reflection(content: list[Cell]) -> Faults:
    read = [cell for cell in content if cell.is_read]
    if len(read) != 1 or read[0].kind != "markdown":
        mend = "Have one Markdown cell that is a 'Manually graded answer' in Create Assignment, and no other."
        cells_read = ", ".join(str(cell.line) for cell in read) or "none"
        yield 0, f"the assignment needs one reflection; cells that a person grades: {cells_read}", mend
        return
    above = content[read[0].line - 2]
    levels = re.findall(r"^\|\s*\d+(?:[.,]\d+)?\s*\|", above.source, re.MULTILINE) if read[0].line > 1 else []
    if len(levels) < LEVELS:
        mend = "Put a table above it with what earns 0, half and full points, a row each, as the model does."
        yield read[0].line, "the reflection has no rubric above it", mend


def _wrong_answer(path: Path, content: list[Cell], headings: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(problem, mend) for one wrong answer that cannot be read, or does not fit the assignment or the lesson."""
    try:
        mutant = read_mutant(path)
    except KitError as error:
        yield _parted(str(error).removeprefix(f"{path}: "))
        return
    if fault := misfit(mutant, {cell.grade_id for cell in content if cell.is_solution}, worth(content)):
        yield _parted(fault)
    yield from _revisit(mutant, headings)


def _parted(message: str) -> tuple[str, str]:
    """A message of the graders in two: their last sentence says what to do."""
    problem, _, mend = message.rpartition(". ")
    return problem, mend


def _revisit(mutant: Mutant, headings: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    slug, _, anchor = mutant.revisit.partition("#")
    if slug not in headings:
        yield f"'revisit' names the lesson '{slug}', which does not exist", f"Name one of {', '.join(headings)}."
    elif anchor not in headings[slug]:
        places = ", ".join(headings[slug])
        yield (
            f"'revisit' names the place '{anchor}', which {slug} does not have",
            f"Name one of its headings: {places}.",
        )


CHECK = Check("assignments", "points, tasks, reflection and wrong answers are whole and fit together", run)
