"""Puts a class list into the gradebook: all of it or nothing."""

import re
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Student as Row
from sqlalchemy.exc import OperationalError

from hipkit.errors import KitError
from hipkit.grading.canvas import canvas_gradebook, doubles, file_name, is_canvas
from hipkit.grading.classbook import Student, open_gradebook, students
from hipkit.grading.spreadsheets import read_table
from hipkit.paths import ASSIGNMENTS

# An id names folders and begins file names; nbgrader takes what stands before the first underscore.
ID = re.compile(r"[^\W_](?:[^\W_]|[.@-]){0,63}")
PLAIN = ["id", "first_name", "last_name", "email"]
PEOPLE = ["Name", "Login ID"]
SHOWN = 10


@dataclass(frozen=True)
class Change:
    """What a class list changes.

    Attributes:
        added: who is new.
        changed: who was there with other details, as they are now.
        unchanged: how many were there as the list has them.
        unknown: who is in the gradebook and not on the list.
    """

    added: list[Student]
    changed: list[Student]
    unchanged: int
    unknown: list[Student]


def read_roster(path: Path) -> list[Student]:
    """The students of a class list, in its order.

    It may be a table with the columns `id`, `first_name`, `last_name`, `email`, of which only `id` must be there; a
    gradebook downloaded from Canvas; or the table of Canvas's page People, with `Name`, `Login ID` and, so that
    teachers are left out, `Role`. From Canvas the id is what Canvas puts before the name of a student's files.

    Raises:
        KitError: it is none of these, or ids are missing, malformed or double; one message says which.
    """
    rows = read_table(path)
    header = [name.strip() for name in rows[0]] if rows else []
    if is_canvas(header):
        found = [
            Student(one.file_name, *_given_and_family(one.name), _email(one.sis_login_id), one.id)
            for one in canvas_gradebook([header, *rows[1:]]).enrolled
        ]
    elif set(PEOPLE) <= set(header):
        found = [_person(dict(zip(header, row, strict=False))) for row in rows[1:] if _is_student(header, row)]
    elif "id" in header:
        fields = [dict(zip(header, row, strict=False)) for row in rows[1:]]
        found = [Student(**{name: one.get(name, "") for name in PLAIN}) for one in fields]
    else:
        raise KitError(
            f"{path} has none of the known headings. Give a gradebook downloaded from Canvas, or a table whose first "
            f"row is {','.join(PLAIN)}."
        )
    if not found:
        raise KitError(f"{path} names no student.")
    _require_ids(path, found)
    return found


def enter(roster: list[Student], course_root: Path = ASSIGNMENTS) -> Change:
    """Put a class list into the gradebook, in one transaction. What the list leaves empty stays as it was.

    Raises:
        KitError: another program is writing to the gradebook; nothing has changed then.
    """
    with open_gradebook(course_root, create=True) as gradebook:
        before = {one.id: one for one in students(gradebook)}
        added = [one for one in roster if one.id not in before]
        merged = [_merged(before[one.id], one) for one in roster if one.id in before]
        changed = [one for one in merged if one != before[one.id]]
        try:
            gradebook.db.add_all(Row(id=one.id, **_columns(one)) for one in added)
            for one in changed:
                for name, value in _columns(one).items():
                    setattr(gradebook.find_student(one.id), name, value)
            gradebook.db.commit()
        except OperationalError as error:
            gradebook.db.rollback()
            raise KitError("Another program is writing to the gradebook. Close it and run this again.") from error
    listed = {one.id for one in roster}
    unknown = [one for name, one in before.items() if name not in listed]
    return Change(added, changed, len(merged) - len(changed), unknown)


def _merged(before: Student, now: Student) -> Student:
    fields = ("first_name", "last_name", "email", "lms_id")
    return Student(before.id, *(getattr(now, name) or getattr(before, name) for name in fields))


def _columns(one: Student) -> dict[str, str | None]:
    columns = {"first_name": one.first_name, "last_name": one.last_name, "email": one.email, "lms_user_id": one.lms_id}
    return {name: value or None for name, value in columns.items()}


def _require_ids(path: Path, found: list[Student]) -> None:
    wrong = [f"{one.id!r} ({one.name})" if one.id else f"an empty one ({one.name or 'no name'})" for one in found]
    wrong = [said for said, one in zip(wrong, found, strict=True) if not ID.fullmatch(one.id)]
    if wrong:
        more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise KitError(
            f"{path}: these ids cannot be used: {', '.join(wrong[:SHOWN])}{more}. An id has letters, digits, hyphens, "
            "points and @, at most 64 of them, and begins with a letter or digit. Nothing has been entered."
        )
    if double := doubles(one.id for one in found):
        raise KitError(
            f"{path}: more than one student has the id {', '.join(double[:SHOWN])}. Canvas begins the files of "
            "students of one name alike. Give them ids of their own in a table with the heading id. Nothing has been "
            "entered."
        )


def _person(fields: dict[str, str]) -> Student:
    given, family = fields["Name"].rpartition(" ")[::2]
    return Student(file_name(f"{family}, {given}"), given, family, _email(fields["Login ID"]))


def _is_student(header: list[str], row: list[str]) -> bool:
    return "Role" not in header or row[header.index("Role")].casefold() == "student"


def _given_and_family(name: str) -> tuple[str, str]:
    family, _, given = name.partition(",")
    return given.strip(), family.strip()


def _email(login: str) -> str:
    return login if "@" in login else ""
