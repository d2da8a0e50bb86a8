"""Grades one submission: nbgrader's steps, in its order, on a notebook in memory; no file and no gradebook.

What comes out is recorded elsewhere (`ledger`), so that submissions can be graded in many places at a time.
"""

import time
from dataclasses import dataclass, field

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors.base import Preprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from hipkit.grading.classic_execute import TAMPERED, ClassicExecute
from hipkit.grading.execute import ContainedExecute
from hipkit.grading.intake import Finding
from hipkit.grading.restore import RestoreCells

# Steps that write into the gradebook, which `ledger` does instead, and one that looks whether what nbgrader keeps on
# cells is well formed: here it is the teacher's own.
LEFT_OUT = (SaveAutoGrades, AssignLatePenalties, CheckCellMetadata)
GARBLED = "Garbled"


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes:
        student: whose it is.
        notebook: as `intake.examine` gave it: a valid notebook of version 4.
        files: path -> content of what stands beside it.
        seed: fixes the tests' fresh data.
    """

    student: str
    notebook: bytes
    files: dict[str, bytes]
    seed: int


@dataclass(frozen=True)
class Marked:
    """A graded submission.

    Attributes:
        student: whose it is.
        notebook: JSON of the executed notebook.
        points: grade_id of a graded cell -> points; None where a person gives them.
        unanswered: ids of the cells that the student left as they were.
        findings: what was mended, for the teacher and for the student.
        suspicions: why a person should look at it, for the teacher.
        seconds: wall time.
    """

    student: str
    notebook: str
    points: dict[str, float | None]
    unanswered: list[str]
    findings: list[Finding] = field(default_factory=list)
    suspicions: list[str] = field(default_factory=list)
    seconds: float = 0.0


def steps(config: Config) -> list[Preprocessor]:
    """The steps of nbgrader's autograding by a course's settings, without those that are done elsewhere."""
    names = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors]
    kinds = [kind for kind in map(import_item, names) if not issubclass(kind, LEFT_OUT)]
    return [kind(config=config) for kind in kinds]


class Marking:
    """The steps for one assignment, made once for all its submissions.

    Args:
        slug: the assignment.
        master: the teacher's notebook (`master.master_notebook`).
        config: the course's settings (`release.settings`).
        beside: path -> content of what stands beside the teacher's notebook.
        contained: whether students' code runs in a room; None as `ContainedExecute` has it.
    """

    def __init__(
        self,
        slug: str,
        master: NotebookNode,
        config: Config,
        beside: dict[str, bytes],
        contained: bool | None = True,
    ) -> None:
        self._slug = slug
        self._steps = steps(config)
        for step in self._steps:
            if isinstance(step, RestoreCells):
                step.master = master
            if isinstance(step, ContainedExecute):
                step.contained, step.teachers_files = contained, beside

    def mark(self, job: Job) -> Marked:
        """Grade one submission. Whatever the student's code does ends in points, not in an error of this method."""
        started = time.monotonic()
        # It was held against the format's schema when it was looked at.
        notebook = nbformat.v4.reads_json(job.notebook.decode("utf-8"))
        names = {"student": job.student, "assignment": self._slug, "notebook": self._slug}
        resources = ResourcesDict(metadata={}, nbgrader=names)
        findings, suspicions = [], []
        for step in self._steps:
            if isinstance(step, ContainedExecute):
                step.files, step.seed = job.files, job.seed
            notebook, resources = step(notebook, resources)
            if isinstance(step, RestoreCells):
                findings, suspicions = list(step.findings), list(step.suspicions)
            if isinstance(step, ClassicExecute):
                suspicions += step.suspicions
        points: dict[str, float | None] = {}
        for cell in filter(is_grade, notebook.cells):
            points[_id(cell)] = _points(cell, suspicions)
        unanswered = [
            _id(cell) for cell in notebook.cells if is_solution(cell) and not is_task(cell) and _as_given(cell)
        ]
        text = nbformat.v4.writes_json(notebook)
        return Marked(job.student, text, points, unanswered, findings, suspicions, seconds=time.monotonic() - started)


def _points(cell: NotebookNode, suspicions: list[str]) -> float | None:
    name = _id(cell)
    for output in cell.get("outputs", []):
        if output.output_type == "error" and output.ename in (TAMPERED, GARBLED):
            suspicions.append(f"In the test {name!r}: {output.evalue}")
    try:
        return determine_grade(cell)[0]
    except ValueError as error:
        suspicions.append(f"The test {name!r} gave points that cannot be ({error}); it was given none.")
        return 0.0


def _as_given(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)


def _id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id
