"""Canvas's gradebook as the CSV file that a teacher downloads and uploads.

The format is that of Canvas itself, whose code is open (instructure/canvas-lms, read in November 2026):
`lib/gradebook_exporter.rb` writes it, `lib/gradebook_importer.rb` reads it, `lib/content_zipper.rb` names the files of
submissions.

- First row: `Student` (or `LastName`, `FirstName`), `ID`, where the institution shows them `SIS User ID`,
  `SIS Login ID` and others, then `Section`, the teacher's own columns, the assignments as `Name (id)`, and sums.
- Then perhaps a row that says which columns are posted by hand, and the row `Points Possible`.
- A student is looked up by `ID`; an assignment by the number in its heading. A heading without one that is no existing
  assignment's name makes a new assignment. What the row `Points Possible` says of an assignment replaces what it was.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hipkit.errors import KitError
from hipkit.grading.classbook import Student
from hipkit.grading.spreadsheets import read_table

ASSIGNMENT = re.compile(r"(?P<name>.+) \((?P<id>\d+)\)")
POINTS_POSSIBLE, READ_ONLY = "Points Possible", "(read only)"
TEST_STUDENT = "Student, Test"


@dataclass(frozen=True)
class Enrolled:
    """A student's row."""

    cells: list[str]  # the columns up to Section
    name: str  # Last, First
    id: str
    sis_user_id: str
    sis_login_id: str
    grades: dict[str, str]  # heading of an assignment -> what Canvas has

    @property
    def file_name(self) -> str:
        """What the names of this student's files begin with when a teacher downloads all submissions."""
        return file_name(self.name)

    def names(self, student: Student) -> bool:
        """Whether this is a student of ours, by a number or a login."""
        login = self.sis_login_id.casefold()
        if student.lms_id:
            return student.lms_id == self.id
        ours = {student.id.casefold(), student.email.casefold()} - {""}
        return bool(ours & ({self.id, self.sis_user_id.casefold(), login, login.partition("@")[0]} - {""}))


@dataclass(frozen=True)
class CanvasGradebook:
    """What a downloaded gradebook holds.

    Attributes:
        header: the columns up to `Section`.
        assignments: heading of a column with a number in it -> what Canvas says that it is worth; empty if nothing.
        enrolled: the students, in the file's order; without Canvas's test student.
    """

    header: list[str]
    assignments: dict[str, str]
    enrolled: list[Enrolled]

    def column(self, names: Iterable[str]) -> str | None:
        """The heading of the assignment that has one of these names.

        Raises:
            KitError: several have.
        """
        wanted = {name.casefold() for name in names}
        found = [one for one in self.assignments if ASSIGNMENT.fullmatch(one)["name"].strip().casefold() in wanted]
        if len(found) > 1:
            raise KitError(f"Canvas has several assignments of one name: {', '.join(found)}. Rename all but one.")
        return found[0] if found else None

    def find(self, student: Student) -> Enrolled | None:
        """A student's row, by a number or a login, else by how Canvas names files; None where that is not one row."""
        found = [one for one in self.enrolled if one.names(student)]
        if not found and not student.lms_id:
            found = [one for one in self.enrolled if one.file_name == student.id.casefold()]
        return found[0] if len(found) == 1 else None


def is_canvas(header: list[str]) -> bool:
    """Whether a first row is that of a Canvas gradebook."""
    return "Section" in header and (header[:2] == ["Student", "ID"] or header[:3] == ["LastName", "FirstName", "ID"])


def read_canvas(path: Path) -> CanvasGradebook:
    """Read the gradebook that a teacher has downloaded from Canvas.

    Raises:
        KitError: the file cannot be read, or is not Canvas's.
    """
    rows = read_table(path)
    if not rows or not is_canvas(rows[0]):
        raise KitError(
            f"{path} is not a gradebook of Canvas. In Canvas open Grades, choose Export, and give that file as it is."
        )
    return canvas_gradebook(rows)


def canvas_gradebook(rows: list[list[str]]) -> CanvasGradebook:
    """The rows of a Canvas gradebook, the first of them its header."""
    header = rows[0]
    split, number = header.index("Section") + 1, header.index("ID")
    points = next((row for row in rows if row[0].strip() == POINTS_POSSIBLE), [""] * len(header))
    headings = [one for one in header[split:] if ASSIGNMENT.fullmatch(one)]
    students = []
    for row in rows[1:]:
        name = row[0] if header[0] == "Student" else f"{row[0]}, {row[1]}"
        if row[number].isdigit() and name != TEST_STUDENT:
            fields = dict(zip(header, row, strict=False))
            ids = fields.get("SIS User ID", ""), fields.get("SIS Login ID", "")
            grades = {heading: fields.get(heading, "") for heading in headings}
            students.append(Enrolled(row[:split], name, row[number], *ids, grades))
    worth = dict(zip(header, points, strict=False))
    return CanvasGradebook(header[:split], {one: worth.get(one, "") for one in headings}, students)


def file_name(name: str) -> str:
    """How Canvas begins the names of a student's files: the name as it is sorted, in small letters, nothing between."""
    return re.sub(r"\W", "", name.lower())


def doubles(names: Iterable[str]) -> list[str]:
    """Names that occur more than once, without regard to capitals."""
    return [name for name, times in Counter(one.casefold() for one in names).items() if times > 1]
