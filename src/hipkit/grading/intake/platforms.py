"""Whose a file is: what learning platforms write into the names of the files and folders that they give out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from hipkit.grading.intake.submission import is_near, is_notebook
from hipkit.grading.intake.unpack import is_archive
from hipkit.grading.times import from_oslo, read_stamp

# <name>_<number>_<file>_<name of the file>, with LATE after the name; lib/content_zipper.rb in instructure/canvas-lms.
CANVAS = re.compile(r"(?P<name>[\w-]+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<serial>\d+)_(?P<rest>.+)")
CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<number>[0-9A-Za-z]+)_(?P<serial>\d+)_(?P<rest>.+)")
# <name>_<number>_assignsubmission_file_, a folder, or with the name of the file behind it.
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)")
# <assignment>_<name>_attempt_<time>_<name of the file>
BLACKBOARD = re.compile(r".+_(?P<name>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?P<rest>[_.].+)")
# <name>+<assignment>+<time>: a folder of nbgrader's exchange, with a random part behind it since 0.9.
EXCHANGE = re.compile(r"(?P<name>[^+]+)\+[^+]+\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*?)(?P<rest>)(?:\+.*)?")
# <name>_<assignment>.ipynb, as nbgrader zip_collect is set to take them here.
COURSE = re.compile(r"(?P<name>[^\W_][^_]*)_(?:.*_)?(?P<rest>[^_]+\.ipynb)")

PATTERNS = {
    "Canvas, anonymous": CANVAS_ANONYMOUS,
    "Canvas": CANVAS,
    "Moodle": MOODLE,
    "Blackboard": BLACKBOARD,
    "nbgrader": EXCHANGE,
}
BY_NAME = "name"  # the platform where the name of a file or folder is the student's


@dataclass(frozen=True)
class Owner:
    """A student, as a platform names them. `number` is the platform's; empty where it writes none."""

    platform: str
    name: str
    number: str


@dataclass(frozen=True)
class Place:
    """Where a file of a download belongs.

    Attributes:
        owner: whose it is.
        rest: its path within the student's submission.
        serial: a number that is larger the later the file was handed in; 0 where the platform writes none.
        time: when it was handed in, in UTC without a zone; None where the name does not say.
        late: whether the platform says that it is late.
    """

    owner: Owner
    rest: str
    serial: int = 0
    time: datetime | None = None
    late: bool = False


def sort_out(names: Iterable[str], container: str, slug: str) -> dict[str, Place | None]:
    """Whose each file of a download is; None where nothing says so.

    Args:
        names: the paths in the folder or archive, with "/".
        container: what that is called.
        slug: the assignment.
    """
    paths = {name: PurePosixPath(name) for name in names}
    if own := _by_pattern(PurePosixPath(container)):
        return {name: replace(own, rest=name) for name in paths}
    found = {name: _by_pattern(path) for name, path in paths.items()}
    if not any(found.values()) and (top := _wrapper(paths.values(), container)):
        inner = sort_out([path.relative_to(top).as_posix() for path in paths.values()], top, slug)
        return {name: inner[path.relative_to(top).as_posix()] for name, path in paths.items()}
    stem = PurePosixPath(container).name.partition(".")[0] if is_archive(container) else container
    loose = [path for name, path in paths.items() if found[name] is None and len(path.parts) == 1]
    signed = {path.name: _by_course_name(path, slug) for path in loose}
    nameless = not any(found.values()) and not any(signed.values())
    if stem and nameless and any(is_notebook(path.name) for path in loose):
        return {name: Place(Owner(BY_NAME, stem, ""), name) for name in paths}
    return {name: found[name] or signed.get(name) or _by_folder(path) for name, path in paths.items()}


def _by_pattern(path: PurePosixPath) -> Place | None:
    """The place of a file whose name, or whose folder's name, a platform has made."""
    first, *inside = path.parts or ("",)
    for platform, pattern in PATTERNS.items():
        if match := pattern.fullmatch(first):
            parts = match.groupdict()
            owner = Owner(platform.partition(",")[0], parts.get("name") or "anonymous", parts.get("number") or "")
            rest = "/".join([*filter(None, [parts["rest"].lstrip("_")]), *inside])
            late = bool(parts.get("late"))
            return Place(owner, rest or first, int(parts.get("serial") or 0), _time(parts.get("time")), late)
    return None


def _time(text: str | None) -> datetime | None:
    """The time in a name, in UTC: nbgrader writes the zone, Blackboard the time here."""
    try:
        if text is None:
            return None
        return read_stamp(text) if " " in text else from_oslo(datetime.strptime(text, "%Y-%m-%d-%H-%M-%S"))
    except (ValueError, OverflowError):
        return None


def _wrapper(paths: Iterable[PurePosixPath], container: str) -> str | None:
    """The folder in which everything stands, where it is no student's: it has only folders and platforms' files."""
    tops = {path.parts[0] for path in paths if path.parts}
    if len(tops) != 1 or _by_pattern(PurePosixPath(*tops)):
        return None
    seconds = {path.parts[1]: len(path.parts) > 2 for path in paths if len(path.parts) > 1}
    known = [one for one in seconds if _by_pattern(PurePosixPath(one))]
    folders = [one for one, is_folder in seconds.items() if is_folder]
    only = set(seconds) == {*known, *folders}
    same = tops == {PurePosixPath(container).name.partition(".")[0]}
    return tops.pop() if seconds and only and (known or len(folders) > 1 or same) else None


def _by_course_name(path: PurePosixPath, slug: str) -> Place | None:
    match = COURSE.fullmatch(path.name)
    if match and is_near(match["rest"], slug):
        return Place(Owner(BY_NAME, match["name"], ""), match["rest"])
    return None


def _by_folder(path: PurePosixPath) -> Place | None:
    first, *inside = path.parts or ("",)
    return Place(Owner(BY_NAME, first, ""), "/".join(inside)) if inside else None
