"""The tasks of an assignment: what its headings group, what each is worth, and what it assesses."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import is_grade

from hipkit.grading.roles import is_test

HEADING = re.compile(r"^#{1,6} +(?P<title>.+?)(?: *\([^()]*points?[^()]*\))? *$", re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """What stands under one heading of an assignment and earns points.

    Attributes:
        title: the heading, without the points that stand in it.
        tests: grade_id of a test cell -> its points.
        read: grade_id of a cell that a person grades -> its points.
        outcomes: ids of the learning outcomes that its cells assess, in order.
    """

    title: str
    tests: dict[str, float]
    read: dict[str, float]
    outcomes: list[str]

    @property
    def points(self) -> float:
        return sum(self.tests.values()) + sum(self.read.values())


def tasks(notebook: NotebookNode) -> list[Task]:
    """The tasks of an assignment's source notebook, in order; headings without graded cells are none."""
    found = []
    current = Task("", {}, {}, [])
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not is_grade(cell) and (headings := HEADING.findall(cell.source)):
            current = Task(headings[-1], {}, {}, [])
        if not is_grade(cell):
            continue
        if current not in found:
            found.append(current)
        graded = current.tests if is_test(cell) else current.read
        graded[cell.metadata.nbgrader.grade_id] = float(cell.metadata.nbgrader.points)
        assessed = cell.metadata.get("hipkit", {}).get("outcomes", [])
        current.outcomes.extend(one for one in assessed if one not in current.outcomes)
    return found
