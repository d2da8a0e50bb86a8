"""What became of every submission that came in, kept in `collected/<slug>/`, and the list of it for the teacher.

One JSON file a submission is the truth; `collected/<slug>.csv` is made from them.
"""

import csv
import io
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hipkit.atomic import write_atomically
from hipkit.grading.times import to_oslo

COLLECTED = "collected"
NOBODY = "_nobody"  # no student's identifier begins with an underscore
ACCEPTED, REFUSED, EARLIER = "accepted", "refused", "earlier"
HEADS = ["Student", "Outcome", "Handed in (Oslo)", "Came in as", "To the teacher", "To the student", "SHA-256"]


@dataclass(frozen=True)
class Record:
    """One submission and what became of it.

    Attributes:
        student: nbgrader's identifier; empty where it is nobody's.
        platform: where it was handed in.
        source: the name of the file or folder that it came in.
        sha256: of its files.
        outcome: ACCEPTED stands in `submitted/`; EARLIER was replaced by a later one and is kept beside this record;
            REFUSED is in neither, and remains in its source.
        handed_in: in UTC as ISO 8601; empty where it is not known.
        serial: the platform's number, larger for what was handed in later; 0 where there is none.
        file_time: when its files were last changed, by their own account, in seconds since 1970.
        teacher: sentences for the teacher.
        told: sentences for the student.
    """

    student: str
    platform: str
    source: str
    sha256: str
    outcome: str
    handed_in: str
    serial: int
    file_time: float
    teacher: tuple[str, ...]
    told: tuple[str, ...]

    def folder(self, course_root: Path, slug: str) -> Path:
        """Where its files are kept when a later submission has taken their place."""
        return course_root / COLLECTED / slug / (self.student or NOBODY) / self.sha256[:16]

    def later_than(self, other: "Record") -> bool:
        """Whether it was handed in later; where nothing says so, whether its files are newer."""
        if self.handed_in and other.handed_in:
            return self.handed_in > other.handed_in
        if self.serial and other.serial:
            return self.serial > other.serial
        return self.file_time > other.file_time

    def comparable(self, other: "Record") -> bool:
        """Whether something says which of the two was handed in later."""
        return bool((self.handed_in and other.handed_in) or (self.serial and other.serial))


def read_records(course_root: Path, slug: str, student: str = "*") -> list[Record]:
    """The records of an assignment, of one student or of all, by student."""
    files = sorted((course_root / COLLECTED / slug).glob(f"{student}/*.json"))
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return [Record(**one | {"teacher": tuple(one["teacher"]), "told": tuple(one["told"])}) for one in found]


def note(record: Record, course_root: Path, slug: str) -> Record:
    """Keep a record; where the same became of the same submission before, that record stays and is returned."""
    folder = record.folder(course_root, slug)
    path = folder.with_suffix(".json")
    if path.is_file():
        (before,) = [one for one in read_records(course_root, slug, folder.parent.name) if one.sha256 == record.sha256]
        if (before.outcome, before.teacher) == (record.outcome, record.teacher):
            return before
    write_atomically(path, json.dumps(asdict(record), indent=1).encode("ascii"))
    if record.student:  # it may have been nobody's, until the student was entered in the gradebook
        (folder.parents[1] / NOBODY / path.name).unlink(missing_ok=True)
    return record


def write_list(course_root: Path, slug: str) -> Path:
    """Write the list for the teacher, for a spreadsheet.

    No cell is a formula: an identifier begins with a letter or a digit, a stranger's name stands in quotes.
    """
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADS)
    for one in sorted(read_records(course_root, slug), key=lambda one: (one.student, one.handed_in, one.serial)):
        when = to_oslo(datetime.fromisoformat(one.handed_in)) if one.handed_in else ""
        table.writerow(
            [one.student, one.outcome, when, one.source, " ".join(one.teacher), " ".join(one.told), one.sha256]
        )
    path = course_root / COLLECTED / f"{slug}.csv"
    content = text.getvalue().encode("utf-8-sig")
    if not path.is_file() or path.read_bytes() != content:
        write_atomically(path, content)
    return path
