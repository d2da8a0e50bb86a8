"""Sorts what a learning platform gives out into nbgrader's `submitted/<student>/<assignment>/`.

Everything is copied into a folder beside it first, looked at there, and put in its place by renaming. What came in
stays as it was. Running it again changes nothing.
"""

import math
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, mkdtemp

import psutil

from hipkit.errors import KitError
from hipkit.grading.files import write_files
from hipkit.grading.intake.findings import Finding, Refused, shown
from hipkit.grading.intake.placing import put_in_place
from hipkit.grading.intake.platforms import Owner, Place, sort_out
from hipkit.grading.intake.records import ACCEPTED, REFUSED, Record, note, read_records, write_list
from hipkit.grading.intake.roster import identify, read_roster
from hipkit.grading.intake.staging import MOST_BYTES, Staged, unfit
from hipkit.grading.intake.submission import TIMESTAMP, Examined, examine
from hipkit.grading.intake.unpack import Bounds, Damaged, Member, TooMuch, is_archive, members
from hipkit.grading.release import source_notebook
from hipkit.grading.times import stamped
from hipkit.paths import ASSIGNMENTS

# A download of a whole class.
BOUNDS = Bounds(one_read=100_000_000, all_reads=50_000_000_000, members=500_000)
# An archive packs to little less. Those in a download that together are so many times as large as it, and larger than
# what one student may hand in, were made to fill a disk.
DENSEST_ARCHIVES = 20
STAGING = ".collecting-"
DOWNLOADED = "downloaded"  # nbgrader's folder for what zip_collect takes
SHOWN = 5  # names of nobody's files
CHUNK = 1_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Collected:
    """What a run of `collect` did.

    Attributes:
        records: what became of each submission in the sources.
        new: those of them that are new, or of which something else became before.
        report: the list of all submissions that ever came in for the assignment, as CSV.
    """

    records: list[Record]
    new: set[Record]
    report: Path


@dataclass
class _Candidate:
    """What one student has in one download; `owner` is None for what is nobody's."""

    owner: Owner | None
    source: str
    staged: Staged
    place: Place | None = None
    file_time: float = 0.0

    def take(self, member: Member, place: Place) -> None:
        if self.place is None or place.serial > self.place.serial:
            self.place = place
        self.file_time = max(self.file_time, member.modified)
        self.staged.take(member, place.rest)


def collect(
    slug: str,
    sources: list[Path],
    course_root: Path = ASSIGNMENTS,
    progress: Progress = lambda done, total: None,
) -> Collected:
    """Take in submissions to an assignment.

    Args:
        slug: the assignment.
        sources: files and folders as platforms give them out: archives of a class or of a student, notebooks, folders;
            where there are none, what lies in `downloaded/<slug>/archive` of the course.
        course_root: the nbgrader course.
        progress: called with how many submissions are sorted in and how many there are.

    Raises:
        KitError: there is no such assignment, or a source is not there or cannot be read.
    """
    source_notebook(slug, course_root)
    with _staging(course_root) as staging:
        found = [one for source in sources or _downloaded(slug, course_root) for one in _opened(source, slug, staging)]
        students = identify({one.owner: None for one in found if one.owner}, read_roster(course_root))
        known = set(read_records(course_root, slug))
        settled = []
        for done, candidate in enumerate(found, start=1):
            settled.append(_settle(candidate, students, slug, course_root, staging / f"{done}-final"))
            progress(done, len(found))
    # A submission may have had to make room for a later one in the same run.
    now = {one.folder(course_root, slug): one for one in read_records(course_root, slug)}
    records = list(dict.fromkeys(now[one.folder(course_root, slug)] for one in settled))
    return Collected(records, set(records) - known, write_list(course_root, slug))


@contextmanager
def _staging(course_root: Path) -> Iterator[Path]:
    """A folder beside `submitted`, so that what is in it can be put there by renaming; gone afterwards."""
    for left in course_root.glob(f"{STAGING}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(STAGING))):  # of a run that was killed
            shutil.rmtree(left)
    folder = course_root / f"{STAGING}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _downloaded(slug: str, course_root: Path) -> list[Path]:
    folder = course_root / DOWNLOADED / slug / "archive"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    if not found:
        raise KitError(
            f"There is nothing to collect in {folder}. Put the downloads there, or name them in the command."
        )
    return found


def _opened(source: Path, slug: str, staging: Path) -> Iterator[_Candidate]:
    """What each student has in a download; what is nobody's comes last."""
    if not source.exists():
        raise KitError(f"There is no {source}. Name a file or folder that a learning platform gave you.")
    try:
        # The teacher may name a link; what is in it is another matter.
        yield from _divided(source.resolve(), source.name, slug, staging, [])
    except (TooMuch, Damaged) as error:
        place = sort_out([source.name], "", slug)[source.name]
        if place is None:
            raise KitError(f"{source} cannot be read ({error}). Download it again.") from error
        # One student's file among others that were downloaded: the class goes on.
        yield _broken(source.name, error, _Candidate(place.owner, source.name, _empty(staging), place))


def _divided(source: Path, called: str, slug: str, staging: Path, outer: list[str]) -> Iterator[_Candidate]:
    names = [member.name for member in members(source, BOUNDS)]
    container = called if source.is_dir() or is_archive(called) else ""
    places = sort_out([name for name in names if not unfit(PurePosixPath(name))], container, slug)
    path = "/".join([*outer, called])
    # What lies in a folder is on the disk already, as large as it is.
    room = math.inf if source.is_dir() else max(MOST_BYTES, DENSEST_ARCHIVES * source.stat().st_size)
    found: dict[Owner, _Candidate] = {}
    nobodys: list[str] = []
    for member in members(source, BOUNDS):
        place = places.get(member.name)
        if place:
            if place.owner not in found:
                found[place.owner] = _Candidate(place.owner, path, _empty(staging))
            found[place.owner].take(member, place)
        elif member.name in places and is_archive(member.name) and not member.why_not and not outer:
            try:
                # No more than its size is ever read, whatever is packed there.
                if not 0 <= member.size <= room:
                    raise TooMuch(f"{member.size / 1e6:,.0f} MB when it is unpacked; {room / 1e6:,.0f} MB are taken")
                room -= member.size
                with TemporaryDirectory(dir=staging) as folder:
                    archive = _copied(member, Path(folder))
                    yield from _divided(archive, archive.name, slug, staging, [path])
            except (TooMuch, Damaged) as error:
                yield _broken(member.name, error, _Candidate(None, path, _empty(staging)))
        else:
            nobodys.append(member.name)
    yield from found.values()
    if nobodys:
        candidate = _Candidate(None, path, _empty(staging))
        candidate.staged.refused = _nobodys(nobodys, slug)
        yield candidate


def _copied(member: Member, folder: Path) -> Path:
    """A class's archive that lies in another one, on the disk."""
    path = folder / PurePosixPath(member.name).name
    with path.open("xb") as file:
        while chunk := member.read(CHUNK):
            file.write(chunk)
    return path


def _empty(staging: Path) -> Staged:
    return Staged(Path(mkdtemp(dir=staging)))


def _broken(name: str, error: Exception, candidate: _Candidate) -> _Candidate:
    """The candidate, of whom there is an archive that cannot be opened."""
    candidate.staged.refused = Refused(
        f"The archive {shown(name)} cannot be opened ({error}).",
        f"Your archive {shown(name)} cannot be opened ({error}). Hand in the notebook itself.",
    )
    return candidate


def _nobodys(names: list[str], slug: str) -> Refused:
    some = ", ".join(map(shown, sorted(names)[:SHOWN])) + (
        f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    )
    return Refused(
        f"Nothing says whose this is: {some}. Put it into a folder that is named after the student, or call it "
        f"<student>_{slug}.ipynb.",
        "It is not clear which work is yours. Ask your teacher.",
    )


def _settle(
    candidate: _Candidate, students: dict[Owner, str | Refused], slug: str, course_root: Path, final: Path
) -> Record:
    """Look at a submission, and put it where it belongs; the record of what became of it."""
    staged = candidate.staged
    staged.unpack()
    student = students[candidate.owner] if candidate.owner else ""
    refused = student if isinstance(student, Refused) else staged.refused
    place = candidate.place
    record = Record(
        student="" if isinstance(student, Refused) else student,
        platform=candidate.owner.platform if candidate.owner else "",
        source=shown(candidate.source),
        sha256=staged.sha256(repr(candidate.owner)),
        outcome=REFUSED,
        handed_in=place.time.isoformat() if place and place.time else "",
        serial=place.serial if place else 0,
        file_time=candidate.file_time,
        teacher=(),
        told=(),
    )
    findings = list(staged.findings)
    if place and place.late and not place.time:
        late = f"{record.platform} says that it was handed in late, but not when: write the time into its {TIMESTAMP}"
        findings.append(Finding(f"{late}, such as {stamped(datetime(2026, 11, 23, 12))}, if it is to cost points.", ""))
    try:
        if refused:
            raise refused
        examined = examine(staged.folder, slug)
        received = Finding("", "Your notebook was received.")
        accepted = _with_words(replace(record, outcome=ACCEPTED), [received, *findings, *examined.findings])
        _lay_out(examined, place, final, slug)
        return put_in_place(accepted, final, slug, course_root)
    except Refused as reason:
        record = _with_words(record, [*findings, Finding(reason.teacher, reason.student)])
        return note(record, course_root, slug)


def _with_words(record: Record, findings: list[Finding]) -> Record:
    return replace(
        record,
        teacher=tuple(one.teacher for one in findings if one.teacher),
        told=tuple(one.student for one in findings if one.student),
    )


def _lay_out(examined: Examined, place: Place, folder: Path, slug: str) -> None:
    """Write a submission as nbgrader expects it."""
    write_files(folder, {f"{slug}.ipynb": examined.notebook, **examined.files})
    if place.time:
        (folder / TIMESTAMP).write_text(f"{stamped(place.time)}\n", encoding="ascii")
