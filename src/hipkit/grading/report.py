"""What a class has understood of one assignment, computed from its gradebook and its notebooks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipkit.grading import ledger
from hipkit.grading.classbook import Graded, Student, graded, open_gradebook, students
from hipkit.grading.handed_in import Executed, Score, minutes_at_work, read_executed
from hipkit.grading.items import Item, analyse
from hipkit.grading.misconceptions import Explained, Known, failures, known
from hipkit.grading.mutants import Mutant
from hipkit.grading.release import source_notebook
from hipkit.grading.results import RESULTS
from hipkit.grading.said import DELETED
from hipkit.grading.similar import Pair, similar
from hipkit.grading.tasks import Task
from hipkit.paths import ASSIGNMENTS


@dataclass(frozen=True)
class Submission:
    """A submission that has been graded.

    Attributes:
        student: who handed it in.
        points: one number a task, in the order of the assignment's tasks; None while a person has to read it.
        explained: what its failed checks show.
        scores: the lines of the scoreboard.
        minutes: at work, as far as the notebook says; None where it does not.
        to_read: whether a person has still to look.
    """

    student: Student
    points: tuple[float | None, ...]
    explained: Explained
    scores: list[Score]
    minutes: float | None
    to_read: bool


@dataclass(frozen=True)
class ClassReport:
    """What is known of a class.

    Attributes:
        slug: the assignment.
        known: its tasks and wrong answers.
        submissions: those that have been graded.
        ungraded: who handed in a notebook that has not been graded.
        refused: student's id -> why it could not be graded, where the grader said so.
        missing: who is in the gradebook and has handed in nothing.
        counted: the tasks, by place, of which every submission has its points; points and items are of these.
        items: one a counted task.
        pairs: submissions with much in common.
        suspicions: student's id -> why a person should look at the submission.
    """

    slug: str
    known: Known
    submissions: list[Submission]
    ungraded: list[Student]
    refused: dict[str, str]
    missing: list[Student]
    counted: list[int]
    items: list[Item]
    pairs: list[Pair]
    suspicions: dict[str, list[str]]

    @property
    def tasks(self) -> list[Task]:
        """The counted tasks."""
        return [self.known.tasks[place] for place in self.counted]

    def misconceptions(self) -> list[tuple[tuple[Mutant, ...], list[str]]]:
        """Wrong answers that no check tells apart, and the ids of who shows them; the most frequent first."""
        found: dict[tuple[str, ...], list[str]] = {}
        for one in self.submissions:
            for names in one.explained.misconceptions:
                found.setdefault(names, []).append(one.student.id)
        ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(tuple(self.known.mutants[name] for name in names), students) for names, students in ranked]

    def totals(self) -> list[float]:
        """The points of each submission in the counted tasks."""
        return [sum(one.points[place] or 0.0 for place in self.counted) for one in self.submissions]


def report_on(
    slug: str,
    course_root: Path = ASSIGNMENTS,
    kept: Path = RESULTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ClassReport:
    """Compute the report on an assignment.

    Args:
        slug: the assignment.
        course_root: the nbgrader course.
        kept: where the selftest keeps its results.
        progress: called with how many runs of wrong answers are done and how many there will be, if none is kept.

    Raises:
        KitError: there is no such assignment or no gradebook.
    """
    source_notebook(slug, course_root)  # no such assignment: say so first
    with open_gradebook(course_root) as gradebook:
        everybody, rows, notes = students(gradebook), graded(gradebook, slug), ledger.notes(gradebook, slug)
    answers = known(slug, course_root, kept, progress)
    refused = {student: note.refused for student, note in notes.items() if note.refused}
    executed = {row.student.id: _notebook(course_root, "autograded", row.student.id, slug) for row in rows}
    notebooks = {one: read_executed(path) for one, path in executed.items() if one not in refused and path.is_file()}
    done = [row for row in rows if row.student.id in notebooks]
    submissions = [_submission(row, notebooks[row.student.id], answers, slug, course_root) for row in done]
    handed_in = {one.student.id for one in submissions}
    waiting = [one for one in everybody if one.id not in handed_in]
    came = [
        one for one in waiting if one.id in refused or _notebook(course_root, "submitted", one.id, slug).parent.is_dir()
    ]
    places = range(len(answers.tasks))
    counted = [place for place in places if all(one.points[place] is not None for one in submissions)]
    points = np.array([[one.points[place] for place in counted] for one in submissions], dtype=float)
    return ClassReport(
        slug=slug,
        known=answers,
        submissions=submissions,
        ungraded=came,
        refused=refused,
        missing=[one for one in waiting if one not in came],
        counted=counted,
        items=analyse(points, np.array([answers.tasks[place].points for place in counted])) if submissions else [],
        pairs=similar({student: notebook.code for student, notebook in notebooks.items()}, answers.given),
        suspicions={student: note.suspicions for student, note in notes.items() if note.suspicions},
    )


def _submission(row: Graded, notebook: Executed, answers: Known, slug: str, course_root: Path) -> Submission:
    grades = row.grades
    tests = [test for task in answers.tasks for test in task.tests]
    lost = {test: grades[test].worth - (grades[test].machine or 0.0) for test in tests}
    said = {test: notebook.said.get(test, DELETED) for test in lost}
    handed_in = _notebook(course_root, "submitted", row.student.id, slug)
    return Submission(
        student=row.student,
        points=tuple(_points(row, task) for task in answers.tasks),
        explained=answers.explain(failures(lost, said, answers.authors)),
        scores=[score for test in tests for score in notebook.scores.get(test, []) if _named(test, score, answers)],
        minutes=minutes_at_work(handed_in) if handed_in.is_file() else None,
        to_read=not row.complete,
    )


def _named(test: str, score: Score, answers: Known) -> bool:
    """Whether the test's author gave the score its name; a student's code may print what looks like a score."""
    return score.name in answers.authors[test].literals


def _points(row: Graded, task: Task) -> float | None:
    unread = any(row.grades[cell].given is None for cell in task.read)
    return None if unread else sum(row.grades[cell].given or 0.0 for cell in [*task.tests, *task.read])


def _notebook(course_root: Path, step: str, student: str, slug: str) -> Path:
    return course_root / step / student / slug / f"{slug}.ipynb"
