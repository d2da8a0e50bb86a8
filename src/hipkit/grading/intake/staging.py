"""One student's files on the way in: copied within bounds into a folder of their own, archives unpacked.

Only regular files with names that can be shown are written, each new, below that folder. What is left out becomes a
finding; what can only be meant to do harm, or has no end, becomes a refusal.
"""

import hashlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

from hipkit.grading.intake.findings import Finding, Refused, is_plain, left_out, shown
from hipkit.grading.intake.submission import (
    DEEPEST,
    LONGEST_NAME,
    MOST_ENTRIES,
    MOST_NOTEBOOK,
    MOST_REST,
    TIMESTAMP,
)
from hipkit.grading.intake.unpack import OTHER_ENDINGS, Bounds, Damaged, Member, TooMuch, is_archive, members

MOST_BYTES = 2 * (MOST_NOTEBOOK + MOST_REST)  # of one student, everything unpacked
MOST_FILE = MOST_REST
LEVELS = 2  # an archive in an archive
# Text packs to a tenth; what packs to a two-hundredth and is large was made to fill a disk.
DENSEST, DENSE_FROM = 200, 10_000_000
CHUNK = 65_536
DAMAGED = "it is damaged and cannot be unpacked"
BOUNDS = Bounds(one_read=2_000_000, all_reads=MOST_BYTES, members=MOST_ENTRIES)


class Staged:
    """The files of one submission, in a folder that is empty at first and that nobody else writes to.

    Attributes:
        folder: where they are; `unpack` may move it to one within.
        findings: what was left out.
        refused: why none of it can be taken; None while it can.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.refused: Refused | None = None
        self._room = MOST_BYTES
        self._files = 0

    def take(self, member: Member, rest: str) -> None:
        """Copy a file to the path `rest`, or say why not.

        Raises:
            OSError: it cannot be written, most often because the disk is full.
        """
        path = PurePosixPath(rest)
        if self.refused:
            return
        self._files += 1
        if self._files > MOST_ENTRIES:
            self._refuse(f"more than {MOST_ENTRIES} files")
        elif why_not := member.why_not or unfit(path) or _too_large(member):
            self.findings.append(left_out(rest, why_not))
        elif member.size > DENSE_FROM and member.size > DENSEST * max(1, member.packed):
            self._refuse(f"a file that unpacks to {member.size // max(1, member.packed)} times its size")
        else:
            self._copy(member, path)

    def unpack(self) -> None:
        """Unpack the archives where they lie, and those that were in them; then leave folders that hold only one.

        Raises:
            OSError: a file cannot be written.
        """
        for _ in range(LEVELS):
            for archive in sorted(path for path in self.folder.rglob("*") if is_archive(path.name)):
                self._unpack(archive)
        for path in sorted(self.folder.rglob("*")):
            if is_archive(path.name) or path.name.lower().endswith(OTHER_ENDINGS):
                name = path.relative_to(self.folder).as_posix()
                self.findings.append(
                    left_out(name, "an archive in an archive, or of a kind that is not read: use .zip")
                )
                path.unlink()
        while len(inside := list(self.folder.iterdir())) == 1 and inside[0].is_dir():
            (self.folder,) = inside
        (self.folder / TIMESTAMP).unlink(missing_ok=True)  # when it was handed in is not for the student to say

    def sha256(self, whose: str) -> str:
        """SHA-256 (hex) of whose it is, of the paths and contents of the files, and of the refusal if there is one."""
        total = hashlib.sha256(f"{whose}\0{self.refused.teacher if self.refused else ''}\0".encode())
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            total.update(f"{path.relative_to(self.folder).as_posix()}\0{len(content)}\0".encode() + content)
        return total.hexdigest()

    def _unpack(self, archive: Path) -> None:
        name = archive.relative_to(self.folder)
        # Out of the way of what is in it, which may have the same name.
        aside = archive.rename(self.folder.with_name(f"{self.folder.name}-{archive.name}"))
        try:
            for member in members(aside, BOUNDS):
                self.take(member, (PurePosixPath(name.parent.as_posix()) / member.name).as_posix())
        except TooMuch as error:
            self._refuse(f"an archive, {shown(name.as_posix())}, with {error}")
        except Damaged:
            self.findings.append(left_out(name.as_posix(), DAMAGED))
        aside.unlink()

    def _copy(self, member: Member, path: PurePosixPath) -> None:
        target = self.folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            file = target.open("xb")
        except (FileExistsError, NotADirectoryError):
            self.findings.append(left_out(path.as_posix(), "another file of this name came first"))
            return
        try:
            with file:
                while chunk := member.read(CHUNK):
                    self._room -= len(chunk)
                    if self._room < 0:
                        self._refuse(f"more than {MOST_BYTES / 1e6:.0f} MB when it is unpacked")
                        return
                    file.write(chunk)
        except Damaged:
            self.findings.append(left_out(path.as_posix(), DAMAGED))
            target.unlink()

    def _refuse(self, what: str) -> None:
        """Take nothing more, and let go of what was taken: it was made to fill the disk."""
        self.refused = Refused(
            f"The submission holds {what}: look at it with care, it may be meant to do harm.",
            f"Your submission holds {what}. Hand in the notebook and the few files that it needs.",
        )
        for path in sorted(self.folder.rglob("*"), reverse=True):
            with suppress(FileNotFoundError):
                path.rmdir() if path.is_dir() else path.unlink()


def unfit(path: PurePosixPath) -> str:
    """Why a path cannot be written below the folder; empty where it can."""
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return "its path leads out of the archive"
    if len(path.parts) > DEEPEST:
        return f"it lies more than {DEEPEST} folders deep"
    if any(not is_plain(part) or "\\" in part or len(part.encode("utf-8")) > LONGEST_NAME for part in path.parts):
        return "its name is too long or has characters that cannot be shown"
    return ""


def _too_large(member: Member) -> str:
    size = f"{member.size / 1e6:,.0f} MB"
    return f"it is too large ({size}; {MOST_FILE / 1e6:.0f} MB are taken)" if member.size > MOST_FILE else ""
