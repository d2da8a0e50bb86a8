"""Lets a grader grade the class, and collects from outside what happened."""

import contextlib
import ctypes
import hashlib
import html
import json
import multiprocessing
import os
import shutil
import signal
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path

from hostile.bait import Bait
from hostile.classroom import HONEST, SLUG, Class
from hostile.watch import Watch, bearers, descendants

Grader = Callable[[Path], None]

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 1.5  # that processes have to go after the grader has gone
PACKAGES = Path(sysconfig.get_path("purelib"))
# Folders that everybody may write to, and one that only the system's owner should.
COMMON = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), PACKAGES]


@dataclass
class Evidence:
    """What was found after a grader had graded the class. Students are named; None is nobody in particular.

    Attributes:
        finished: the grader came to its end by itself and in time; what it said if not.
        seconds: how long it took.
        points: student -> points without the reflection's; None where the gradebook has no submission.
        worth: student -> what the tests were worth in the gradebook.
        ungraded: student -> tests that have no grade although the submission is there.
        silent: students who have handed in and got no word back.
        leaks: student -> names of the marks that got to where the student looks.
        changed: (student, file) for files that were changed, removed or put where they do not belong.
        calls: (student, how) for calls to services.
        left: (student, what) for what was still there when the grader had gone.
        peaks: student -> measure -> value, see `watch`; also `seconds` (where it was alone), `kept` (bytes of what was
            written for the student), `files` and `outputs` (of one cell), `log` (bytes on the grader's terminal),
            `grader` (bytes of memory of one of its own processes), `unpacked` (bytes) and `unpacked_files` (of all
            archives).
        seen: student -> doors into the kernel and the like.
        killed: the teacher's own process was.
        typed: student -> something was written on the teacher's terminal.
        ran: student -> pages on which something of the student's ran, see `pages`.
    """

    finished: str = ""
    seconds: float = 0.0
    points: dict[str, float | None] = field(default_factory=dict)
    worth: dict[str, float] = field(default_factory=dict)
    ungraded: dict[str, list[str]] = field(default_factory=dict)
    silent: set[str | None] = field(default_factory=set)
    leaks: dict[str, set[str]] = field(default_factory=dict)
    changed: set[tuple[str | None, str]] = field(default_factory=set)
    calls: set[tuple[str | None, str]] = field(default_factory=set)
    left: set[tuple[str | None, str]] = field(default_factory=set)
    peaks: dict[str, dict[str, float]] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    killed: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    ran: dict[str, set[str]] = field(default_factory=dict)


def examine(held: Class, bait: Bait, grader: Grader, seconds: float) -> Evidence:
    """Let a grader grade the class in a process of its own, and collect the evidence.

    Args:
        held: the class that has handed in.
        bait: what the attacks are after, in place.
        grader: called with the course folder; importable by name.
        seconds: what it may take; then it is killed, with everything that it started.
    """
    found = Evidence()
    before = _files(held, bait)
    watch = Watch(list(held.tokens.values()))
    with _reaping():
        own = descendants(os.getpid())
        watch.start()
        start = time.monotonic()
        found.finished = run(grader, held.course.root, bait.environment(), seconds)
        found.seconds = time.monotonic() - start
        time.sleep(GRACE_SECONDS)
        watch.stop()
        _collect_processes(found, held, own)
    _collect_watched(found, held, watch)
    _collect_grades(found, held)
    _collect_silence(found, held)
    _collect_changes(found, held, bait, before)
    _collect_calls(found, held, bait)
    _collect_leaks(found, held, bait)
    return found


def run(grader: Grader, course: Path, environment: dict[str, str], seconds: float) -> str:
    """Run a grader in a process of its own, with a log beside the course folder; what went wrong, or nothing."""
    context = multiprocessing.get_context("spawn")
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)  # what a process starts with can be read from outside, so it must start so
    try:
        process = context.Process(target=_grade, args=(grader, course))
        process.start()
    finally:
        os.environ.clear()
        os.environ.update(kept)
    process.join(seconds)
    if process.is_alive():
        for pid in [*descendants(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.join()
        return f"it did not end in {seconds:g} seconds"
    return f"it ended with status {process.exitcode}" if process.exitcode else ""


def _grade(grader: Grader, course: Path) -> None:
    os.setsid()  # an attack on its group of processes must not meet us
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    log = os.open(course.parent / "grader.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(course)
    grader(course)


@contextlib.contextmanager
def _reaping() -> Iterator[None]:
    """Processes whose parents have gone come to us, so that none gets out of sight."""
    libc = ctypes.CDLL(None)
    resource_tracker.ensure_running()
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _collect_processes(found: Evidence, held: Class, own: set[int]) -> None:
    students = {token: student for student, token in held.tokens.items()}
    left = {int(pid): students[token] for pid, token in bearers(list(students))}
    left = {pid: left.get(pid) for pid in _of_the_grader(own) | set(left) if not _is_zombie(pid)}
    for student in set(left.values()):
        count = list(left.values()).count(student)
        found.left.add((student, "a process" if count == 1 else f"{count} processes"))
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in _of_the_grader(own):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def _of_the_grader(own: set[int]) -> set[int]:
    """Our descendants that were not there before, and that none of those has started."""
    theirs = set().union(*(descendants(pid) for pid in own))
    return descendants(os.getpid()) - own - theirs


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _collect_watched(found: Evidence, held: Class, watch: Watch) -> None:
    unpacked = [path for path in (held.course.root / "downloaded").rglob("*") if path.is_file()]
    unpacked = [path.stat().st_size for path in unpacked if "archive" not in path.parts]
    for student, token in held.tokens.items():
        found.seen[student] = watch.seen[token]
        written = [*_of(held, "autograded", student), *_of(held, "feedback", student)]
        found.peaks[student] = dict(watch.peaks[token]) | {
            "seconds": found.seconds if len(held.attacks) == 1 else 0,
            "kept": sum(path.stat().st_size for path in written),
            "files": len(written),
            "log": (held.course.root.parent / "grader.log").stat().st_size,
            "grader": watch.grader,
            "unpacked": sum(unpacked),
            "unpacked_files": len(unpacked),
            "outputs": max((_outputs(path) for path in written if path.suffix == ".ipynb"), default=0),
        }


def _of(held: Class, folder: str, student: str) -> list[Path]:
    return [path for path in (held.course.root / folder / student).rglob("*") if path.is_file()]


def _outputs(path: Path) -> int:
    return max((len(cell.get("outputs", [])) for cell in _cells(path)), default=0)


def _cells(path: Path) -> list[dict]:
    """The cells of a notebook; none where an attack has left something else of that name."""
    try:
        return json.loads(path.read_bytes())["cells"]
    except (ValueError, TypeError, KeyError):
        return []


def _collect_grades(found: Evidence, held: Class) -> None:
    try:
        with held.course.gradebook() as gradebook:
            for submission in gradebook.assignment_submissions(SLUG):
                grades = [grade for one in submission.notebooks for grade in one.grades]
                tests = [grade for grade in grades if grade.name != "reflection"]
                student = submission.student.id
                found.points[student] = submission.score
                found.worth[student] = sum(grade.max_score for grade in tests)
                found.ungraded[student] = [one.name for one in tests if one.auto_score is None]
    except Exception as error:  # whatever an attack has made of the file
        found.finished = found.finished or f"the gradebook cannot be read ({type(error).__name__})"


def _collect_silence(found: Evidence, held: Class) -> None:
    for folder in (held.course.root / "submitted").iterdir():
        if not (held.course.root / "feedback" / folder.name / SLUG / f"{SLUG}.html").is_file():
            honest = None if folder.name in HONEST else folder.name
            found.silent.add(_named(held, folder.name) or honest)


Files = dict[Path, str]


def _files(held: Class, bait: Bait) -> Files:
    """What nobody but the teacher changes: path -> what is in it."""
    course = held.course.root
    places = [course / "source", course / "release", course / "submitted", bait.home, bait.outside]
    paths = [path for place in places for path in place.rglob("*")] + [course / "nbgrader_config.py"]
    return {path: _state(path) for path in paths if path.is_symlink() or path.is_file()}


def _state(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _collect_changes(found: Evidence, held: Class, bait: Bait, before: Files) -> None:
    course = held.course.root
    after = _files(held, bait)
    for path, state in before.items():
        if after.get(path) != state:
            found.changed.add((_author(held, path), _short(path, course)))
    # What a grader writes is its own affair, where no attack's token is in it; attacks may have read each other's.
    written = [
        path
        for folder in ("autograded", "feedback")
        for student in HONEST
        for path in (course / folder / student).rglob("*")
        if path.is_file()
    ]
    for path in {*after, *written} - set(before):
        student = _author(held, path)
        if student and not _belongs(path, held, student):
            found.changed.add((student, _short(path, course)))
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        if student := _named(held, line):
            found.left.add((student, "a mount"))
            ctypes.CDLL(None).umount2(line.split()[4].encode(), 2)
    for folder in COMMON:
        for student, token in held.tokens.items():
            left = list(folder.glob(f"*{token}*"))
            for path in left:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            if left:
                name = "the installed packages" if folder == PACKAGES else str(folder)
                found.left.add((student, f"{len(left)} files in {name}" if len(left) > 1 else f"a file in {name}"))
    if (domain := Path("/proc/sys/kernel/domainname")).read_text() != bait.domain:
        found.changed.add((_named(held, domain.read_text()), "the system's domain name"))
        domain.write_text(bait.domain)
    for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
        for student, token in held.tokens.items():
            if int(line.split()[0]) == int(token[1:8], 16):
                found.left.add((student, "shared memory"))
                ctypes.CDLL(None).shmctl(int(line.split()[1]), 0, None)
    found.killed = bait.teacher.poll() is not None
    terminal = bait.terminal().decode(errors="replace")
    found.typed = {student: terminal for student, token in held.tokens.items() if token in terminal}


def _author(held: Class, path: Path) -> str | None:
    """Whose token a file bears, in its name or in it."""
    if student := _named(held, str(path)):
        return student
    try:
        return _named(held, path.read_bytes().decode(errors="replace"))
    except OSError:
        return None


def _named(held: Class, text: str) -> str | None:
    return next((student for student, token in held.tokens.items() if token in text), None)


def _belongs(path: Path, held: Class, student: str) -> bool:
    """Whether it is the student's own folder."""
    course = held.course.root
    parts = path.relative_to(course).parts if path.is_relative_to(course) else ()
    return len(parts) > 1 and (parts[1] == student or held.tokens[student] in parts[1])


def _short(path: Path, course: Path) -> str:
    return str(path.relative_to(course.parent))


def _collect_calls(found: Evidence, held: Class, bait: Bait) -> None:
    for how, said in bait.services.heard:
        found.calls.add((_named(held, said.decode(errors="replace")), how))
    bait.services.heard.clear()


def _collect_leaks(found: Evidence, held: Class, bait: Bait) -> None:
    """Marks in what a student receives: the outputs of the student's own cells, and everything in the feedback.

    A grader that shows hidden tests to everybody shows them to an honest student, too; that is not the attack's doing.
    """
    own = {student: _shown(held, student) for student in ("nils", *held.attacks)}
    for student, (outputs, feedback) in own.items():
        marks = bait.marks.items()
        found.leaks[student] = {name for name, mark in marks if mark in outputs}
        found.leaks[student] |= {name for name, mark in marks if mark in feedback and mark not in own["nils"][1]}
    found.leaks["nils"] = {name for name in ("hidden", "solution", "argument") if bait.marks[name] in own["nils"][1]}


def _shown(held: Class, student: str) -> tuple[str, str]:
    outputs = []
    for path in _of(held, "autograded", student):
        if not (cells := _cells(path)):
            outputs.append(path.read_bytes().decode(errors="replace"))  # nbgrader copies it to the feedback
        for cell in cells:
            teachers = cell.get("metadata", {}).get("nbgrader", {}).get("locked", False)
            outputs.append("" if teachers else json.dumps(cell))
    feedback = [html.unescape(path.read_bytes().decode(errors="replace")) for path in _of(held, "feedback", student)]
    return "\n".join(outputs), "\n".join(feedback)


if sys.platform != "linux":
    raise ImportError("the hostile class is held on Linux only")
