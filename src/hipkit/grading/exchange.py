"""Collects from nbgrader's exchange, a folder of a shared machine, only what a student handed in.

Every student can put anything there, and nbgrader's `ExchangeCollect` copies it with the instructor's rights. It
follows links: a student who hands in a link gets what the instructor can read, such as another's work, back as graded
feedback. It only warns when a submission is not by the student whose name is on it. And one folder with a strange name
ends the collecting for the whole class. What nbgrader writes when a student submits holds no links.
"""

import os
import re
import stat
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect

DEEPEST = 20  # folders in folders; an honest submission has two or three
SECRET = re.compile(rb"[0-9a-f]{128}")  # secrets.token_hex(64), in nbgrader's ExchangeSubmit
NOBODY = None  # in place of the student's name when a submission is refused


class CollectOwn(ExchangeCollect):
    """nbgrader's collector for a machine where each student has a Unix account of the student's name."""

    def start(self) -> None:
        """Collect. A submission that is refused is named in the log, with the reason; an earlier one stays."""
        with tempfile.TemporaryDirectory(prefix="hipkit-") as private:
            self._private = Path(private)
            super().start()

    def init_src(self) -> None:
        """Choose the newest submission of each student and take a copy that nobody else can change."""
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"] and self._take(record)]

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """See nbgrader; from the copy."""
        super().do_copy(str(self._private / Path(src).name), dest, log)

    def _path_to_record(self, path: str) -> dict:
        try:
            record = super()._path_to_record(path)
            check_owner(Path(path), record["username"])
        except (ValueError, OverflowError):  # as dateutil says it
            return self._refuse(path, "its name holds no time of submission")
        except OSError as error:
            return self._refuse(path, str(error))
        return record

    def _take(self, record: dict) -> bool:
        src = Path(self.inbound_path, record["filename"])
        try:
            copy_own(src, self._private / src.name, 1000 * self.coursedir.max_dir_size)
            check_marks(self._private / src.name)
        except OSError as error:
            self._refuse(str(src), str(error))
            return False
        return True

    def _refuse(self, path: str, why: str) -> dict:
        self.log.error("Not collected: %s (%s). Ask the student to submit again.", path, why)
        return {"username": NOBODY, "filename": Path(path).name, "timestamp": datetime.min}


def check_owner(folder: Path, account: str) -> None:
    """Raise PermissionError unless `folder` is a folder, not a link to one, and belongs to the Unix account."""
    import pwd  # not on Windows, where nbgrader has no exchange

    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise PermissionError("a link or a file in place of a folder")
    try:
        owner = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        owner = f"user {found.st_uid}"
    if owner != account:
        raise PermissionError(f"it belongs to {owner}, not to {account}")


def check_marks(copy: Path) -> None:
    """Raise OSError unless nbgrader's marks are there: the time that the folder's name has, and the feedback's secret.

    nbgrader reads them when it collects once more and when it releases feedback, and stops for all where one is wrong.
    """
    time = copy.name.rsplit("+", 3)[2]
    if (copy / "timestamp.txt").read_bytes().strip() != time.encode():
        raise OSError("timestamp.txt has another time than the folder's name")
    if not SECRET.fullmatch((copy / "submission_secret.txt").read_bytes()):
        raise OSError("submission_secret.txt is not as nbgrader writes it")


def copy_own(src: Path, dest: Path, most: int) -> None:
    """Copy the folder `src` to `dest`, which must not exist, if everything in it belongs to the owner of `src`.

    No link is followed, not even one that somebody puts there meanwhile: every file is opened in its folder, and looked
    at when it is open.

    Args:
        src: the folder.
        dest: the copy.
        most: bytes to copy at most.

    Raises:
        PermissionError: something is a link, neither file nor folder, or somebody else's.
        OSError: there is more than `most`, folders are nested too deep, or something cannot be read.
    """
    room, owner = most, None
    for place, folders, files, at in os.fwalk(src, onerror=_stop):
        owner = os.fstat(at).st_uid if owner is None else owner
        inside = Path(place).relative_to(src)
        if len(inside.parts) > DEEPEST:
            raise OSError("folders nested too deep")
        (dest / inside).mkdir(parents=True)
        for name in folders:
            _check(os.stat(name, dir_fd=at, follow_symlinks=False), stat.S_ISDIR, owner, inside / name)
        for name in files:
            content = _read(name, at, owner, room, inside / name)
            room -= len(content)
            if room < 0:
                raise OSError(f"more than {most // 1_000_000} MB")
            (dest / inside / name).write_bytes(content)
    if owner is None:
        raise PermissionError("a link in place of a folder")


def _read(name: str, folder: int, owner: int, most: int, shown: Path) -> bytes:
    """The file's content, of a larger one a byte more than `most`."""
    _check(os.stat(name, dir_fd=folder, follow_symlinks=False), stat.S_ISREG, owner, shown)
    with os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder), "rb") as file:
        _check(os.fstat(file.fileno()), stat.S_ISREG, owner, shown)  # it may be another one by now
        return file.read(most + 1)


def _check(found: os.stat_result, is_wanted: Callable[[int], bool], owner: int, shown: Path) -> None:
    if not is_wanted(found.st_mode):
        raise PermissionError(f"{shown} is a link or no ordinary file")
    if found.st_uid != owner:
        raise PermissionError(f"{shown} is not the student's own")


def _stop(error: OSError) -> None:
    raise error
