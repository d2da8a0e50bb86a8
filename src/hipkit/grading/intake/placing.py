"""Puts a submission into `submitted`, where another one may stand already: the later one counts, the other is kept."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from hipkit.grading.intake.findings import Refused, shown
from hipkit.grading.intake.records import ACCEPTED, EARLIER, Record, note, read_records
from hipkit.grading.intake.submission import TIMESTAMP, open_regular
from hipkit.grading.times import read_stamp

UNDATED = "Nothing says which of this student's submissions is the later one: the one with the newer files counts."


def put_in_place(record: Record, made: Path, slug: str, course_root: Path) -> Record:
    """Put the folder `made` into `submitted/<student>/<slug>` by renaming, unless a later submission stands there.

    Args:
        record: of the submission, as accepted.
        made: its files; on the same file system.
        slug: the assignment.
        course_root: the nbgrader course.

    Returns:
        The record as it was written: ACCEPTED where the submission now stands in `submitted`, else EARLIER.

    Raises:
        Refused: the student's folder in `submitted` is a link.
    """
    place = course_root / "submitted" / record.student / slug
    for folder in (place, place.parent):
        if folder.is_symlink():
            raise Refused(
                f"{folder} is a link, which may lead anywhere: remove it and collect again.",
                "Your work could not be put in its place. Ask your teacher.",
            )
    known = read_records(course_root, slug, record.student)
    before = next((one for one in known if one.sha256 == record.sha256), None)
    current = next((one for one in known if one.outcome == ACCEPTED), None)
    if not place.exists():
        return _stand(record, made, place, course_root, slug)
    if before and before.outcome == ACCEPTED:
        return before  # also where the teacher has mended something in it since
    if current is None:
        if contents(place) == contents(made):
            return note(record, course_root, slug)
        current = _standing(record, place)
    if not record.comparable(current):
        record = replace(record, teacher=(*record.teacher, UNDATED))
    if record.later_than(current):
        _keep(replace(current, outcome=EARLIER), place, course_root, slug)
        return _stand(record, made, place, course_root, slug)
    if before:
        return before
    return _keep(replace(record, outcome=EARLIER), made, course_root, slug)


def contents(folder: Path) -> dict[str, str]:
    """The files of a submission by their paths, each as its SHA-256; what is no ordinary file is left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with open_regular(path) as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _standing(record: Record, place: Path) -> Record:
    """A record for what stands in `submitted` and came there in another way."""
    stamp = place / TIMESTAMP
    try:
        handed_in = read_stamp(stamp.read_text(encoding="ascii").strip()).isoformat() if stamp.is_file() else ""
    except (ValueError, OverflowError):
        handed_in = ""
    sums = contents(place)
    return Record(
        student=record.student,
        platform="",
        source=f"{shown('submitted')}, from before",
        sha256=hashlib.sha256(repr(sums).encode()).hexdigest(),
        outcome=ACCEPTED,
        handed_in=handed_in,
        serial=0,
        file_time=max(((place / name).stat().st_mtime for name in sums), default=0.0),
        teacher=(),
        told=(),
    )


def _keep(record: Record, folder: Path, course_root: Path, slug: str) -> Record:
    """Move a submission aside, and note it."""
    aside = record.folder(course_root, slug)
    aside.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(aside, ignore_errors=True)  # of a run that was cut off here
    folder.rename(aside)
    return note(record, course_root, slug)


def _stand(record: Record, folder: Path, place: Path, course_root: Path, slug: str) -> Record:
    """Put a submission into its place, which is free, and note it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(place)
    shutil.rmtree(record.folder(course_root, slug), ignore_errors=True)  # where it stood aside before
    return note(record, course_root, slug)
