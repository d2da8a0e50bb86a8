"""Looks at one submission's folder, which a stranger has filled: what may be graded, and what to say about the rest.

No link is followed, nothing but regular files is opened, and no more is read than the bounds below. It is written for a
folder that lies still; who can change it while it is read can make the reading fail, and no more.
"""

import errno
import itertools
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from importlib.machinery import PathFinder
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from hipkit.errors import KitError
from hipkit.grading.intake.findings import Finding, Refused, is_plain, left_out, shown
from hipkit.grading.intake.notebook import sound_notebook
from hipkit.grading.times import read_stamp

MOST_NOTEBOOK = 20_000_000  # bytes of the notebook
MOST_REST = 50_000_000  # bytes of the other files together
MOST_FILES = 200  # other files
MOST_ENTRIES = 5_000  # names that are looked at
DEEPEST = 10  # folders within folders
LONGEST_NAME = 200  # bytes; every file system takes that many
LONGEST_TIMESTAMP = 100  # bytes
TIMESTAMP = "timestamp.txt"
# What nbgrader reads, but no path in place of a zone: it would open that file.
TIME = re.compile(r"[\d:.T-]+( [\d:.]+)?( ?[+-]\d+| ?[A-Z]+| [A-Za-z]+/[A-Za-z_]+)?")
# Browsers add an ending to a file that they take for text.
NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
# What programs leave behind, never an answer.
LEFTOVERS = {".ipynb_checkpoints", "__MACOSX", "__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"}
# What a learning platform or a browser adds to a second file of the same name.
COUNTER = re.compile(r"(?:[-_ ]?\(\d+\)|[-_ ]\d+|[-_ ]*(?:copy|kopi|final|ferdig)\d*)+$", re.IGNORECASE)
NEAR = 0.8  # how alike two names are, 1 for the same
# Python runs these by their name, if they stand where it looks for modules.
RUN_AT_START = {"sitecustomize", "usercustomize"}
CODE_ENDINGS = (".py", ".pyc", ".pyd", ".so")


@dataclass(frozen=True)
class Examined:
    """A submission that can be graded.

    Attributes:
        notebook: a valid notebook of version 4, as it was handed in where nothing had to be mended.
        files: the other files, by their path from the folder with "/" between its parts.
        submitted: when it was handed in, in UTC without a zone as nbgrader keeps it; None where it is not known.
        findings: what was mended or left out.
    """

    notebook: bytes
    files: dict[str, bytes]
    submitted: datetime | None
    findings: list[Finding]


@dataclass(frozen=True)
class _File:
    path: Path
    name: str  # from the submission's folder, with "/"
    size: int


def examine(folder: Path, slug: str) -> Examined:
    """Look at the submission in `folder`, which may hold anything, and write nothing.

    Args:
        folder: a student's folder for one assignment, `submitted/<student>/<slug>`.
        slug: the assignment.

    Raises:
        Refused: it holds no notebook that can be graded, or it is itself a link.
    """
    findings: list[Finding] = []
    files = list(_files(folder, findings))
    chosen = _notebook_of(files, slug, findings)
    notebook, mended = sound_notebook(_content(chosen, MOST_NOTEBOOK), chosen.name)
    findings += mended
    others = [file for file in files if file is not chosen and not is_notebook(file.name) and file.name != TIMESTAMP]
    return Examined(notebook, _read(others, findings), _submitted(files, findings), findings)


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file to read from it, and nothing else.

    Raises:
        OSError: it is a link, a pipe or a device, or cannot be read.
    """
    # O_NONBLOCK: opening a pipe would wait for somebody to write into it.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Not an ordinary file", str(path))
        yield stream


def read_regular(path: Path, most: int) -> bytes | None:
    """The content of a regular file; None where it is larger than `most` bytes.

    Raises:
        OSError: as `open_regular`.
    """
    with open_regular(path) as stream:
        data = stream.read(most + 1)
    return data if len(data) <= most else None


def shadows_module(name: str) -> bool:
    """Whether a file at the top of the working folder would be imported in place of a module that is installed."""
    first, *rest = PurePosixPath(name).parts
    if not rest and not first.endswith(CODE_ENDINGS):
        return False
    module = first.partition(".")[0]
    if not module.isidentifier():
        return False
    installed = [place for place in sys.path if place and Path(place) != Path.cwd()]
    known = module in sys.stdlib_module_names or module in RUN_AT_START
    return known or PathFinder.find_spec(module, installed) is not None


def _is_plain_file(about: os.stat_result) -> bool:
    return stat.S_ISREG(about.st_mode) and about.st_nlink == 1


def _files(folder: Path, findings: list[Finding]) -> Iterator[_File]:
    """The regular files under a folder, in order; what is none of these becomes a finding."""
    for place in (folder.parent, folder):
        if place.is_symlink() or not place.is_dir():
            raise Refused(
                f"{shown(place.name)} is a link or no folder, so that it may lead to another student's work.",
                "Your submission is a link to another place. Hand in the notebook itself.",
            )
    left = MOST_ENTRIES
    queue = [(folder, PurePosixPath())]
    while queue:
        place, above = queue.pop(0)
        for entry in _entries(place, left):
            left -= 1
            name = (above / entry.name).as_posix()
            if entry.name in LEFTOVERS:
                continue
            about = entry.stat(follow_symlinks=False)
            if not is_plain(entry.name) or len(os.fsencode(entry.name)) > LONGEST_NAME or "\\" in entry.name:
                findings.append(left_out(name, "its name is too long or has characters that cannot be shown"))
            elif stat.S_ISDIR(about.st_mode) and len(above.parts) < DEEPEST:
                queue.append((Path(entry.path), above / entry.name))
            elif _is_plain_file(about):
                yield _File(Path(entry.path), name, about.st_size)
            else:
                findings.append(left_out(name, "it is no ordinary file (a link, a pipe, a device or too deep)"))


def _entries(place: Path, most: int) -> list[os.DirEntry]:
    try:
        with os.scandir(place) as entries:
            found = list(itertools.islice(entries, most + 1))
    except OSError as error:
        raise _unreadable(place.name, error) from error
    if len(found) > most:
        raise Refused(
            f"The submission holds more than {MOST_ENTRIES} files.",
            f"You handed in more than {MOST_ENTRIES} files. Hand in the notebook and the few files that it needs.",
        )
    return sorted(found, key=lambda entry: entry.name)


def _notebook_of(files: list[_File], slug: str, findings: list[Finding]) -> _File:
    """The file to grade: the one of the right name, else the only notebook, else the only one of a near name."""
    wanted = f"{slug}.ipynb"
    notebooks = [file for file in files if is_notebook(file.name)]
    if not notebooks:
        there = ", ".join(shown(file.name) for file in files[:3]) or "no file"
        raise Refused(
            f"There is no notebook: the submission holds {there}.",
            f"You handed in {there} and no notebook. Hand in {wanted}, as JupyterLab saves it.",
        )
    exact = [file for file in notebooks if file.name == wanted]
    near = [file for file in notebooks if is_near(file.name, slug)]
    fitting = next((found for found in (exact, notebooks, near) if len(found) == 1), None)
    if fitting is None:
        there = ", ".join(shown(file.name) for file in notebooks[:5])
        raise Refused(
            f"There are several notebooks and none is called {wanted}: {there}.",
            f"You handed in several notebooks ({there}). Hand in one, called {wanted}.",
        )
    (chosen,) = fitting
    if COUNTER.sub("", chosen.name.removesuffix(".ipynb")) != slug:
        findings.append(
            Finding(
                f"The notebook is called {shown(chosen.name)} and was taken for {wanted}.",
                f"Your notebook is called {shown(chosen.name)} and was taken for {wanted}.",
            )
        )
    for other in notebooks:
        if other is not chosen:
            findings.append(left_out(other.name, "only one notebook is graded"))
    return chosen


def is_notebook(name: str) -> bool:
    return name.lower().endswith(NOTEBOOK_ENDINGS)


def is_near(name: str, slug: str) -> bool:
    """Whether a notebook's file name is the assignment's, but for a slip or what browsers and platforms add."""
    stem = COUNTER.sub("", PurePosixPath(name).name.lower().partition(".ipynb")[0])
    flat = [re.sub(r"[\W_]+", "-", one).strip("-") for one in (stem, slug)]
    return SequenceMatcher(None, *flat).ratio() >= NEAR


def _content(file: _File, most: int) -> bytes:
    if file.size <= most:
        try:
            data = read_regular(file.path, most)
        except OSError as error:
            raise _unreadable(file.name, error) from error
        if data is not None:
            return data
    size = f"{file.size / 1e6:,.0f} MB; {most / 1e6:.0f} MB are read"
    raise Refused(
        f"The notebook {shown(file.name)} is too large ({size}).",
        f"Your notebook {shown(file.name)} is too large ({size}). Clear all outputs, save it and hand it in again.",
    )


def _read(files: list[_File], findings: list[Finding]) -> dict[str, bytes]:
    """The content of the files that the student's code may see, within the bounds."""
    found: dict[str, bytes] = {}
    room = MOST_REST
    for file in files:
        if shadows_module(file.name):
            findings.append(left_out(file.name, "Python would import it in place of a module of the same name"))
            continue
        try:
            data = read_regular(file.path, room) if len(found) < MOST_FILES and file.size <= room else None
        except OSError as error:
            findings.append(left_out(file.name, f"it cannot be read ({error.strerror})"))
            continue
        if data is None:
            most = f"{MOST_FILES} files and {MOST_REST / 1e6:.0f} MB are taken besides the notebook"
            findings.append(left_out(file.name, most))
            continue
        found[file.name] = data
        room -= len(data)
    return found


def _submitted(files: list[_File], findings: list[Finding]) -> datetime | None:
    for file in files:
        if file.name == TIMESTAMP:
            try:
                text = (read_regular(file.path, LONGEST_TIMESTAMP) or b"").decode("ascii").strip()
                if not TIME.fullmatch(text):
                    raise ValueError(text)
                return read_stamp(text)
            except (OSError, ValueError, OverflowError):
                findings.append(Finding(f"{TIMESTAMP} holds no time, so that the submission counts as in time.", ""))
    return None


def _unreadable(name: str, error: OSError) -> KitError:
    return Refused(
        f"{shown(name)} cannot be read ({error.strerror}): correct its permissions.",
        "Your submission cannot be read. Hand it in again.",
    )
