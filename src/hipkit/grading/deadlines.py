"""Due dates, extensions, and the points that late work loses, in nbgrader's gradebook."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from hipkit.errors import KitError
from hipkit.grading.extensions import Extension, enter_extension, read_extensions, write_extension
from hipkit.grading.late import LatePolicy, read_policy
from hipkit.grading.release import settings, source_notebook
from hipkit.grading.times import to_oslo, typed, typed_local
from hipkit.paths import ASSIGNMENTS


@dataclass(frozen=True)
class Deadline:
    """When an assignment is due, and what that has come to.

    Attributes:
        due: in UTC without a zone; None where it has no due date.
        extensions: more time for some.
        late: identifiers of the students whose work came in late, by their own due date.
        changed: those of them, or who were, whose points have changed by this call.
    """

    due: datetime | None
    extensions: list[Extension]
    late: list[str]
    changed: list[str]


def deadline(slug: str, course_root: Path = ASSIGNMENTS) -> Deadline:
    """When an assignment is due; brings what late work loses up to date, also after points were given by hand.

    Raises:
        KitError: there is no such assignment, or the policy or the extensions are malformed.
    """
    source_notebook(slug, course_root)
    with _gradebook(course_root) as gradebook:
        return _settled(gradebook, slug, course_root)


def set_due(slug: str, date: str, course_root: Path = ASSIGNMENTS) -> Deadline:
    """Give an assignment its due date, a time in Oslo as a teacher types it; all of a day where there is no time.

    Raises:
        KitError: as `deadline`, or there is no such time.
    """
    source_notebook(slug, course_root)
    due = typed(date)
    with _gradebook(course_root) as gradebook:
        gradebook.update_or_create_assignment(slug, duedate=due)
        return _settled(gradebook, slug, course_root)


def extend(student: str, slug: str, date: str, reason: str = "", course_root: Path = ASSIGNMENTS) -> Deadline:
    """Give one student more time; the assignment's due date takes it back.

    Raises:
        KitError: as `set_due`; the assignment has no due date or a later one; nobody knows the student.
    """
    source_notebook(slug, course_root)
    until = typed(date)
    with _gradebook(course_root) as gradebook:
        assignment = _assignment(gradebook, slug)
        if assignment is None or assignment.duedate is None:
            raise KitError(f"{slug} has no due date to extend. Give it one first: hipkit grade due {slug} DATE")
        if until < assignment.duedate:
            raise KitError(f"{slug} is due {to_oslo(assignment.duedate)}, which is later. Give a time after that.")
        _require_student(student, gradebook, course_root)
        taken_back = until == assignment.duedate
        write_extension(Extension(student, slug, typed_local(date), reason), course_root, remove=taken_back)
        if taken_back:
            with suppress(MissingEntry):  # who has not handed in has no place in the gradebook
                gradebook.find_submission(slug, student).extension = None
        return _settled(gradebook, slug, course_root)


def _gradebook(course_root: Path) -> Gradebook:
    course = CourseDirectory(config=settings(course_root))
    return Gradebook(course.db_url, course.course_id)


def _assignment(gradebook: Gradebook, slug: str) -> Assignment | None:
    try:
        return gradebook.find_assignment(slug)
    except MissingEntry:
        return None


def _settled(gradebook: Gradebook, slug: str, course_root: Path) -> Deadline:
    """Enter the extensions and what late work loses, for every submission that the gradebook has."""
    assignment = _assignment(gradebook, slug)
    extensions = [one for one in read_extensions(course_root) if one.assignment == slug]
    if assignment is None:
        return Deadline(None, extensions, [], [])
    policy = read_policy(Path(LatePolicy(config=settings(course_root)).file))
    late, changed = [], []
    for submission in assignment.submissions:
        enter_extension(submission, course_root)
        seconds = submission.total_seconds_late if assignment.duedate else 0
        if seconds:
            late.append(submission.student.id)
        for notebook in submission.notebooks:
            penalty = policy.penalty(notebook.score, seconds)
            if penalty != (notebook.late_submission_penalty or 0):
                notebook.late_submission_penalty = penalty or None
                changed.append(submission.student.id)
    gradebook.db.commit()
    return Deadline(assignment.duedate, extensions, sorted(late), sorted(set(changed)))


def _require_student(student: str, gradebook: Gradebook, course_root: Path) -> None:
    known = {one.id for one in gradebook.students}
    known |= {path.name for path in (course_root / "submitted").glob("*/")}
    if student not in known:
        close = get_close_matches(student, known, n=1)
        meant = f" Did you mean {close[0]!r}?" if close else " Enter the students of your course first."
        raise KitError(f"Nobody in the course is called {student!r}.{meant}")
