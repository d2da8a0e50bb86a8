"""Which student of the gradebook a platform's name and number belong to."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from hipkit.grading.intake.findings import Refused, shown
from hipkit.grading.intake.platforms import BY_NAME, Owner
from hipkit.grading.release import settings

SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Student:
    """A student of the gradebook: nbgrader's identifier, the names, and the learning platform's number."""

    id: str
    first_name: str
    last_name: str
    lms_user_id: str


def read_roster(course_root: Path) -> list[Student]:
    """The students in the gradebook of a course; none where there is no gradebook yet."""
    url = CourseDirectory(config=settings(course_root)).db_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
        return []
    with Gradebook(url) as gradebook:
        return [
            Student(one.id, one.first_name or "", one.last_name or "", str(one.lms_user_id or ""))
            for one in gradebook.students
        ]


def identify(owners: Iterable[Owner], roster: list[Student]) -> dict[Owner, str | Refused]:
    """nbgrader's identifier for each of a platform's students, or why there is none.

    The gradebook's student with the platform's number comes first, then the one with that identifier, then the only one
    of that name. Who is in none of these ways in the gradebook gets an identifier from name and number.
    """
    found: dict[Owner, str | Refused] = {}
    for owner in owners:
        found[owner] = _known(owner, roster) or _new(owner) or _nameless(owner)
    for owner, student in found.items():
        # The same person may hand in on two platforms, but on one platform two numbers or names are two persons.
        same = [other for other, its in found.items() if its == student and other.platform == owner.platform]
        if isinstance(student, str) and len(same) > 1:
            names = " and ".join(shown(_called(other)) for other in sorted(same, key=_called))
            found |= {other: _several(names, student) for other in same}
    return found


def _known(owner: Owner, roster: list[Student]) -> str | None:
    by_number = [one.id for one in roster if owner.number and one.lms_user_id == owner.number]
    by_id = [one.id for one in roster if one.id in (owner.number, owner.name)]
    flat = _flat(owner.name)
    by_name = [one.id for one in roster if flat in _flat_names(one)]
    return next((ids[0] for ids in (by_number, by_id, by_name) if len(ids) == 1), None)


def _new(owner: Owner) -> str:
    """An identifier that is a safe name of a folder everywhere; Moodle's numbers are other ones in each assignment."""
    parts = [owner.name] if owner.platform in (BY_NAME, "Moodle") else [owner.name, owner.number]
    text = unicodedata.normalize("NFC", "-".join(filter(None, parts)))
    return re.sub(r"[^\w.@-]+", "-", text).strip("-._@")[:100]


def _flat_names(student: Student) -> tuple[str, str]:
    return _flat(student.last_name + student.first_name), _flat(student.first_name + student.last_name)


def _flat(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", name).casefold())


def _called(owner: Owner) -> str:
    return f"{owner.name}, {owner.number}" if owner.number else owner.name


def _nameless(owner: Owner) -> Refused:
    return Refused(
        f"No student can be called {shown(owner.name)}: name the folder or file after a student.",
        "It is not clear which work is yours. Ask your teacher.",
    )


def _several(names: str, student: str) -> Refused:
    return Refused(
        f"{names} would both be the student {shown(student)}: enter them in the gradebook, each with the platform's "
        "number (nbgrader db student add --lms-user-id), or rename their files.",
        "Somebody in the class has the same name as you, and it is not clear which work is yours. Ask your teacher.",
    )
