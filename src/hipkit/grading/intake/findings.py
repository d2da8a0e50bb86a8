"""What is said about a submission: to the teacher and, separately, to the student."""

import unicodedata
from dataclasses import dataclass

from hipkit.errors import KitError

LONGEST = 80  # characters of a name that are shown


@dataclass(frozen=True)
class Finding:
    """Something about a submission that does not stop it: one sentence for each of the two who should know.

    `student` is empty where it is not the student's matter.
    """

    teacher: str
    student: str


class Refused(KitError):
    """A submission cannot be graded.

    Args:
        teacher: one sentence for the teacher: what is wrong, and where.
        student: one sentence for the student: what is wrong, and what to do.
    """

    def __init__(self, teacher: str, student: str) -> None:
        super().__init__(teacher)
        self.teacher = teacher
        self.student = student


def left_out(name: str, reason: str) -> Finding:
    """That a file was left out, and why."""
    return Finding(
        f"The file {shown(name)} was left out: {reason}.", f"Your file {shown(name)} was left out: {reason}."
    )


def shown(text: str) -> str:
    """A stranger's text, such as a file's name, so that it can be shown: in quotes, short, nothing that moves a cursor.

    What is not a plain character (control characters, marks that turn the direction of writing, half characters) is
    written as its number.
    """
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    plain = "".join(one if is_plain(one) else one.encode("unicode_escape").decode() for one in cut)
    return f"'{plain}'"


def is_plain(text: str) -> bool:
    """Whether every character can be shown: no control, format, surrogate or private character, no line separator."""
    return not any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for one in text)
