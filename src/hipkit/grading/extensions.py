"""More time for one student: kept in `extensions.toml`, and in nbgrader's gradebook as soon as it has a place for it.

The file stays out of the repository: a reason may tell of an illness.
"""

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import SubmittedAssignment

from hipkit.atomic import write_atomically
from hipkit.errors import KitError
from hipkit.grading.intake.findings import is_plain
from hipkit.grading.times import from_oslo

FILE = "extensions.toml"
HEAD = """\
# More time that was granted, written by `hipkit grade extend`. Times are times in Oslo. To take one back, grant the
# assignment's due date. Keep this file to yourself: the reasons are about persons.
"""


@dataclass(frozen=True)
class Extension:
    """More time for one student on one assignment; `until` is a time in Oslo, without a zone."""

    student: str
    assignment: str
    until: datetime
    reason: str


def read_extensions(course_root: Path) -> list[Extension]:
    """The extensions that were granted in a course.

    Raises:
        KitError: the file is malformed.
    """
    path = course_root / FILE
    if not path.is_file():
        return []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("extension", [])
        found = [Extension(**entry) for entry in entries]
        for one in found:
            from_oslo(one.until)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError, AttributeError) as error:
        raise KitError(f"{path} cannot be read ({error}). Each extension has {_fields()}.") from error
    return found


def write_extension(extension: Extension, course_root: Path, remove: bool = False) -> None:
    """Add an extension, or with `remove` take it back; what the student had on this assignment before is replaced.

    Raises:
        KitError: the file is malformed, or a text has characters that cannot be shown.
    """
    if not is_plain(extension.student + extension.reason):
        raise KitError("The reason has characters that cannot be shown. Write it as one line of plain text.")
    this = (extension.student, extension.assignment)
    kept = [one for one in read_extensions(course_root) if (one.student, one.assignment) != this]
    entries = [
        f"\n[[extension]]\nstudent = {_quoted(one.student)}\nassignment = {_quoted(one.assignment)}\n"
        f"until = {one.until.isoformat()}\nreason = {_quoted(one.reason)}\n"
        for one in (kept if remove else [*kept, extension])
    ]
    write_atomically(course_root / FILE, (HEAD + "".join(entries)).encode("utf-8"))


def enter_extension(submission: SubmittedAssignment, course_root: Path) -> None:
    """Enter the student's extension into the gradebook's row; without one the row stays as it is.

    nbgrader keeps an extension as the time since the due date, so it is entered again when that has changed. The caller
    commits.
    """
    due = submission.assignment.duedate
    for one in read_extensions(course_root):
        if (one.student, one.assignment) == (submission.student.id, submission.assignment.name):
            # Where there is no due date, nbgrader cannot add anything to it.
            submission.extension = None if due is None else max(from_oslo(one.until) - due, timedelta())


def _quoted(text: str) -> str:
    """A text as a TOML string: JSON's, for text without control characters."""
    return json.dumps(text, ensure_ascii=False)


def _fields() -> str:
    return ", ".join(Extension.__dataclass_fields__)
