"""What the gradebook knows of a class, as plain values; nothing here writes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.api import Student as Row
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning

from hipkit.errors import KitError
from hipkit.grading.release import settings
from hipkit.paths import ASSIGNMENTS


@dataclass(frozen=True)
class Student:
    """A person in the gradebook. `id` names the folders; `lms_id` is the learning platform's own number, or empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class Grade:
    """One graded cell of one submission, in points.

    Attributes:
        worth: what could be had.
        machine: what the tests gave; None where a person grades, or where grading did not get there.
        given: what counts, with what a person gave; None while nobody has given anything.
        to_read: whether a person has still to look.
    """

    worth: float
    machine: float | None
    given: float | None
    to_read: bool


@dataclass(frozen=True)
class Graded:
    """A submission as the gradebook has it.

    Attributes:
        student: who handed it in.
        handed_in: when, in universal time; None where nobody noted it.
        grades: grade_id of a cell -> its grade.
        penalty: points taken off for lateness.
    """

    student: Student
    handed_in: datetime | None
    grades: dict[str, Grade]
    penalty: float

    @property
    def complete(self) -> bool:
        """Whether every cell has its points and no person has still to look."""
        return all(grade.given is not None and not grade.to_read for grade in self.grades.values())

    @property
    def score(self) -> float:
        """The points that nbgrader exports: the sum, less the penalty, and never below 0."""
        return max(0.0, sum(grade.given or 0.0 for grade in self.grades.values()) - self.penalty)

    @property
    def worth(self) -> float:
        return sum(grade.worth for grade in self.grades.values())


@contextmanager
def open_gradebook(course_root: Path = ASSIGNMENTS, create: bool = False) -> Iterator[Gradebook]:
    """The gradebook of a course, closed at the end of the block.

    Args:
        course_root: the nbgrader course.
        create: make the gradebook where there is none.

    Raises:
        KitError: there is none.
    """
    if not create and not (course_root / "gradebook.db").is_file():
        raise KitError("There is no gradebook yet. Grade an assignment first.")
    with warnings.catch_warnings():
        # nbgrader's own way with its database makes SQLAlchemy warn; nothing is lost and nobody here can change it.
        warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
        with NbGraderAPI(config=settings(course_root)).gradebook as gradebook:
            yield gradebook


def assignments(course_root: Path = ASSIGNMENTS) -> list[str]:
    """The assignments that somebody has handed in and that have been through the grader, sorted.

    Raises:
        KitError: there is no gradebook, or nobody has handed in.
    """
    with open_gradebook(course_root) as gradebook:
        found = sorted(one.name for one in gradebook.assignments if one.num_submissions)
    if not found:
        raise KitError("The gradebook holds no submission yet. Grade an assignment first.")
    return found


def students(gradebook: Gradebook) -> list[Student]:
    """Everybody in the gradebook, by id."""
    return sorted((_student(row) for row in gradebook.students), key=lambda one: one.id)


def graded(gradebook: Gradebook, slug: str) -> list[Graded]:
    """The submissions of an assignment, by the student's id."""
    found = [_graded(one) for one in gradebook.assignment_submissions(slug)]
    return sorted(found, key=lambda one: one.student.id)


def points_of(gradebook: Gradebook, slug: str) -> float:
    """What an assignment is worth.

    Raises:
        KitError: it is not in the gradebook.
    """
    try:
        return gradebook.find_assignment(slug).max_score
    except MissingEntry as error:
        known = ", ".join(sorted(one.name for one in gradebook.assignments)) or "none yet"
        raise KitError(f"The gradebook has no assignment {slug!r}. It has: {known}.") from error


def _student(row: Row) -> Student:
    return Student(row.id, row.first_name or "", row.last_name or "", row.email or "", row.lms_user_id or "")


def _graded(submission: SubmittedAssignment) -> Graded:
    grades = {
        grade.name: Grade(
            worth=grade.max_score,
            machine=grade.auto_score,
            given=None if grade.auto_score is None and grade.manual_score is None else grade.score,
            to_read=grade.needs_manual_grade,
        )
        for notebook in submission.notebooks
        for grade in notebook.grades
    }
    return Graded(_student(submission.student), submission.timestamp, grades, submission.late_submission_penalty or 0.0)
