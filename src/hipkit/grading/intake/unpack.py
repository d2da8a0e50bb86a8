"""What archives and folders hold, one member at a time, however hostile: nothing is written here, no link is followed.

An archive is read through a bound on each read and on all of them, so that a list of files, a header or a run of zeros
that unpacks to more than there is room for ends in an error, not in a full memory or disk.
"""

import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from time import mktime
from typing import BinaryIO

from hipkit.grading.intake.submission import LEFTOVERS, open_regular

NO_FILE = "it is no ordinary file (a link, a pipe or a device)"
ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
OTHER_ENDINGS = (".7z", ".rar", ".tar.bz2", ".tar.xz", ".gz")
# What the readers of archives raise on damaged or hostile ones.
_FAULTS = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class TooMuch(Exception):
    """An archive asks for more than it may have; the message says of what."""


class Damaged(Exception):
    """An archive or a file cannot be read; the message says why, in the words of who tried."""


@dataclass(frozen=True)
class Bounds:
    """What an archive may ask for.

    Attributes:
        one_read: bytes of its list of files, or of one header.
        all_reads: bytes read from it, unpacked ones in a tar.gz.
        members: how many files and folders it may list.
    """

    one_read: int
    all_reads: int
    members: int


@dataclass(frozen=True)
class Member:
    """A file in an archive or a folder.

    Attributes:
        name: its path there, with "/", as the archive says it: it may lead anywhere.
        size: its bytes, as the archive says.
        packed: the bytes that it takes in the archive.
        modified: when it was changed, in seconds since 1970; the archive says so.
        why_not: why it cannot be opened; empty where it can.
        read: gives the next bytes of its content, at most so many; until the next member is asked for.
            It raises Damaged where the content cannot be read.
    """

    name: str
    size: int
    packed: int
    modified: float
    why_not: str
    read: Callable[[int], bytes]


def is_archive(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def members(source: Path, bounds: Bounds) -> Iterator[Member]:
    """What a folder or an archive holds, folders and what programs leave behind left out; of a plain file, itself.

    Raises:
        TooMuch: it asks for more than it may.
        Damaged: it cannot be read.
    """
    if source.is_dir() and not source.is_symlink():
        found = _in_folder(source)
    elif not is_archive(source.name):
        found = _file(source, source.name)
    else:
        found = _in_archive(source, bounds)
    try:
        for number, member in enumerate(found):
            if number >= bounds.members:
                raise TooMuch(f"more than {bounds.members} files")
            if not LEFTOVERS & set(PurePosixPath(member.name).parts):
                yield member
    except _FAULTS as error:
        raise Damaged(str(error)) from error


def _reader(stream: BinaryIO) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        try:
            return stream.read(size)
        except _FAULTS as error:
            raise Damaged(str(error)) from error

    return read


def _nothing(size: int) -> bytes:
    raise Damaged("it cannot be opened")


def _in_folder(top: Path) -> Iterator[Member]:
    for place, folders, files in os.walk(top):
        here = Path(place)
        # os.walk follows no link, and lists those to folders among the folders.
        for name in sorted([*files, *(one for one in folders if (here / one).is_symlink())]):
            yield from _file(here / name, (here / name).relative_to(top).as_posix())


def _file(path: Path, name: str) -> Iterator[Member]:
    about = path.lstat()
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        yield Member(name, 0, 0, about.st_mtime, NO_FILE, _nothing)
        return
    with open_regular(path) as stream:
        yield Member(name, about.st_size, about.st_size, about.st_mtime, "", _reader(stream))


def _in_archive(source: Path, bounds: Bounds) -> Iterator[Member]:
    with open_regular(source) as file:
        if source.name.lower().endswith(".zip"):
            yield from _in_zip(file, bounds)
        elif source.name.lower().endswith(".tar"):
            yield from _in_tar(file, bounds)
        else:
            with gzip.open(file) as unpacked:
                yield from _in_tar(unpacked, bounds)


def _in_zip(file: BinaryIO, bounds: Bounds) -> Iterator[Member]:
    # zipfile reads the whole list of files at once, in one read.
    with zipfile.ZipFile(_Bounded(file, bounds)) as archive:
        for info in archive.infolist():
            name = info.filename.replace("\\", "/")  # written by old programs on Windows
            mode = info.external_attr >> 16
            if info.is_dir():
                continue
            about = (name, info.file_size, info.compress_size, mktime((*info.date_time, 0, 0, -1)))
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                yield Member(*about, NO_FILE, _nothing)
            elif info.flag_bits & 1:
                yield Member(*about, "it is locked with a password", _nothing)
            else:
                with archive.open(info) as stream:
                    yield Member(*about, "", _reader(stream))


def _in_tar(file: BinaryIO, bounds: Bounds) -> Iterator[Member]:
    with tarfile.open(fileobj=_Bounded(file, bounds), mode="r:") as archive:
        for info in archive:
            if info.isdir():
                continue
            about = (info.name, info.size, info.size, info.mtime)
            if info.isreg() and (stream := archive.extractfile(info)):
                yield Member(*about, "", _reader(stream))
            else:
                yield Member(*about, NO_FILE, _nothing)


class _Bounded(io.RawIOBase):
    """A stream that refuses reads which are too long, and more work than all of it together may take."""

    def __init__(self, stream: BinaryIO, bounds: Bounds) -> None:
        self._stream = stream
        self._bounds = bounds
        self._left = bounds.all_reads

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._bounds.one_read:
            # What is asked for may be more than there is: only what comes counts.
            data = self._stream.read(self._bounds.one_read + 1)
            if len(data) > self._bounds.one_read:
                raise TooMuch("a list of files that is too long")
        else:
            data = self._stream.read(size)
        self._work(len(data))
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        before = self._stream.tell()
        after = self._stream.seek(offset, whence)
        # A packed stream goes on by unpacking what lies between, and goes back by beginning again.
        if isinstance(self._stream, gzip.GzipFile):
            self._work(after - before if after >= before else after)
        return after

    def tell(self) -> int:
        return self._stream.tell()

    def _work(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise TooMuch(f"more than {self._bounds.all_reads / 1e6:,.0f} MB")
