"""Grades everything that was handed in for an assignment: what `hipkit grade run` does.

Each submission goes the same way: it is looked at, graded somewhere (`graders`), written down here. First the executed
notebook is put in its place, then the grades are entered in one transaction, then the feedback is written. What was
done is known from the gradebook, so that the work can be interrupted anywhere and goes on where it was.
"""

import contextlib
import gc
import hashlib
import json
import queue
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import OperationalError, SAWarning

from hipkit.atomic import write_atomically
from hipkit.errors import KitError
from hipkit.grading import ledger
from hipkit.grading.feedback import Page
from hipkit.grading.files import write_files
from hipkit.grading.graders import DaskGraders, Graders, LocalGraders
from hipkit.grading.intake import Examined, Finding, Refused, examine
from hipkit.grading.intake.submission import read_regular
from hipkit.grading.marker import Assignment
from hipkit.grading.marking import Job, Marked
from hipkit.grading.master import files_beside, imports, master_notebook
from hipkit.grading.release import generate, settings, student_copy
from hipkit.grading.sandbox import unavailable
from hipkit.paths import ASSIGNMENTS

LOCK = ".grading"
WRITE_TRIES = 5
EXCHANGE_MARKS = ("timestamp.txt", "submission_secret.txt")  # written by nbgrader when a student submits
LONGEST_MARK = 1_000  # bytes


@dataclass
class Outcome:
    """What a run did.

    Attributes:
        graded: students whose submissions were graded now.
        unchanged: students whose grades stood already.
        outdated: students whose grades stand and were given with an earlier version of the assignment.
        refused: student -> why nothing could be graded, for the teacher and for the student.
        failed: student -> what went wrong in grading itself; tried again in the next run.
        suspicious: student -> why a person should look at the submission; of all, not only those graded now.
    """

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    refused: dict[str, Finding] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    suspicious: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What stands in `submitted/` for one student, and what it comes to."""

    student: str
    examined: Examined | None
    refused: Finding | None
    digest: str


def run(
    slug: str,
    course_root: Path = ASSIGNMENTS,
    jobs: int | None = None,
    dask: str | None = None,
    contained: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Grade what is new, and write the feedback that is not there yet.

    Args:
        slug: the assignment.
        course_root: the nbgrader course.
        jobs: grading processes on this machine; twice as many as cores where it is not given.
        dask: address of a Dask scheduler whose workers grade instead.
        contained: False runs students' code as whoever grades; only for code that is trusted.
        progress: called with how many submissions are done and how many there are.

    Raises:
        KitError: there is no such assignment or no submission, students' code cannot be contained, another run is at
            work, or the gradebook cannot be written.
    """
    with _prepared(slug, course_root, contained) as (gradebook, assignment, seed):
        graders = DaskGraders(assignment, dask) if dask else LocalGraders(assignment, jobs)
        try:
            work = _Run(slug, course_root, gradebook, assignment, seed, graders, progress)
            return work.through(students(slug, course_root))
        finally:
            graders.close()


@dataclass(frozen=True)
class Change:
    """What grading with the assignment as it is now would change for a student.

    Attributes:
        student: whose submission it is.
        before, after: grade_id -> points by the tests.
    """

    student: str
    before: dict[str, float | None]
    after: dict[str, float | None]


def regrade(
    slug: str,
    agree: Callable[[list[Change]], bool],
    course_root: Path = ASSIGNMENTS,
    jobs: int | None = None,
    contained: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Grade again what was graded with an earlier version of the assignment, and write it if that is agreed to.

    Args:
        slug, course_root, jobs, contained, progress: as for `run`.
        agree: called with the changes, of everybody whose points change; True writes them.

    Raises:
        KitError: as `run`.
    """
    with _prepared(slug, course_root, contained) as (gradebook, assignment, seed):
        graders = LocalGraders(assignment, jobs)
        try:
            rehearsal = _Run(slug, course_root, gradebook, assignment, seed, graders, progress)
            rehearsal.held = {}
            outcome = rehearsal.through(students(slug, course_root))
            changes = []
            for student, (_, marked) in sorted(rehearsal.held.items()):
                grades = gradebook.find_submission_notebook(slug, slug, student).grades
                before = {grade.name: grade.auto_score for grade in grades}
                after = {name: marked.points.get(name, 0.0) for name in before}
                if before != after:
                    changes.append(Change(student, before, after))
            if not agree(changes):
                outcome.outdated += sorted(rehearsal.held)
                return outcome
            for submission, marked in rehearsal.held.values():
                rehearsal.keep(submission, marked)
            done = _Run(slug, course_root, gradebook, assignment, seed, graders, progress)
            return done.through(students(slug, course_root))
        finally:
            graders.close()


def students(slug: str, course_root: Path = ASSIGNMENTS) -> list[str]:
    """Who has handed in, sorted.

    Raises:
        KitError: nobody has.
    """
    found = sorted(path.parent.name for path in (course_root / "submitted").glob(f"*/{slug}"))
    if not found:
        raise KitError(f"Nobody has handed in {slug!r}: {course_root / 'submitted'} holds no folder <student>/{slug}.")
    return found


@contextlib.contextmanager
def _prepared(slug: str, course_root: Path, contained: bool) -> Iterator[tuple[Gradebook, Assignment, int]]:
    """The gradebook with the assignment in it, for this process alone."""
    if contained and (reason := unavailable()):
        raise KitError(f"{reason} To run students' code as yourself all the same: --no-sandbox")
    if sys.platform == "win32":
        raise KitError(
            "Grading takes processes that fork, which Windows does not have. Grade on Linux (the Windows Subsystem for "
            "Linux is one), on macOS, or in the container of deploy/Containerfile."
        )
    # nbgrader's own way with its database makes SQLAlchemy warn; nothing is lost and nobody here can change it.
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
    with _alone(course_root), _settled():
        student_copy(slug, course_root)
        config = settings(course_root)
        with Gradebook(f"sqlite:///{course_root / 'gradebook.db'}", config.CourseDirectory.course_id) as gradebook:
            try:
                gradebook.find_notebook(slug, slug)
            except MissingEntry:
                generate(slug, course_root)
            ledger.open_tables(gradebook)
            master = master_notebook(slug, course_root)
            # Parsed here, once: before 3.11.8 and 3.12.2 Python's parser must not be called by threads at a time.
            needed = imports(master)
            assignment = Assignment(slug, master, needed, files_beside(slug, course_root), config, contained)
            yield gradebook, assignment, ledger.seed(gradebook, slug)


@contextlib.contextmanager
def _settled() -> Iterator[None]:
    """Have the collector leave alone what is loaded: at each submission it would look through it again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextlib.contextmanager
def _alone(course_root: Path) -> Iterator[None]:
    """Keep another run away from the course as long as this one is at work."""
    import fcntl  # not on Windows

    with (course_root / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KitError("Another run is grading this course. Wait until it is done.") from None
        yield


class _Run:
    """One run over a class: what is under way, and what has been done."""

    def __init__(
        self,
        slug: str,
        course_root: Path,
        gradebook: Gradebook,
        assignment: Assignment,
        seed: int,
        graders: Graders,
        progress: Callable[[int, int], None],
    ) -> None:
        self._slug, self._root, self._gradebook, self._seed = slug, course_root, gradebook, seed
        self._config, self._graders, self._progress = assignment.config, graders, progress
        self._version = _digest(
            nbformat.writes(assignment.master).encode(), str(seed).encode(), *_parts(assignment.beside)
        )
        self._notes = ledger.notes(gradebook, slug)
        self._done: queue.SimpleQueue[tuple[Submission, Any]] = queue.SimpleQueue()
        self._under_way = 0
        # Where it is a dictionary, what an earlier version was graded with is graded again, and held here, not written.
        self.held: dict[str, tuple[Submission, Marked]] | None = None
        self.outcome = Outcome()

    def through(self, names: list[str]) -> Outcome:
        """Take the submissions of these students through."""
        waiting = iter(names)
        finished = 0
        self._progress(finished, len(names))
        while True:
            while self._under_way < 2 * self._graders.size and (name := next(waiting, None)) is not None:
                self._under_way += 1
                self._begin(name)
            if not self._under_way:
                break
            submission, future = self._done.get()
            if self._go_on(submission, future):
                self._under_way -= 1
                finished += 1
                self._progress(finished, len(names))
        notes = ledger.notes(self._gradebook, self._slug)
        self.outcome.suspicious = {
            name: notes[name].suspicions for name in names if name in notes and notes[name].suspicions
        }
        return self.outcome

    def _begin(self, student: str) -> None:
        submission = look_at(student, self._slug, self._root)
        note = self._notes.get(student)
        if note is not None and note.fingerprint.startswith(submission.digest) and self._is_there(submission):
            # What was refused does not depend on the assignment.
            current = submission.examined is None or note.fingerprint == self._fingerprint(submission)
            if self.held is not None and not current:
                self._grade(submission)
                return
            (self.outcome.unchanged if current else self.outcome.outdated).append(student)
            self._write(lambda: self._renew_penalty(student))
            self._give_feedback(submission)
        elif submission.examined is None:
            self._write(
                lambda: ledger.refuse(
                    self._gradebook, self._slug, student, self._fingerprint(submission), submission.refused
                )
            )
            self._give_feedback(submission)
        elif self.held is None:
            self._grade(submission)
        else:
            self._done.put((submission, None))  # never graded: that is what a run is for
        if submission.refused is not None:
            self.outcome.refused[student] = submission.refused

    def _grade(self, submission: Submission) -> None:
        job = Job(submission.student, submission.examined.notebook, submission.examined.files, self._seed)
        self._graders.submit(job, lambda future: self._done.put((submission, future)))

    def _go_on(self, submission: Submission, future: Any) -> bool:
        """Write down what an order has given. True when the submission is through."""
        if future is None:
            return True
        try:
            answer = future.result()
        except Exception as error:  # one submission must not stop the class; it is told, and tried again next time
            self.outcome.failed[submission.student] = str(error)
            return True
        if isinstance(answer, Marked) and self.held is not None:
            self.held[submission.student] = (submission, answer)
            return True
        if isinstance(answer, Marked):
            self.keep(submission, answer)
            self.outcome.graded.append(submission.student)
            self._give_feedback(submission)
            return False
        write_atomically(self._page(submission.student), answer.encode("utf-8", "replace"))
        return True

    def keep(self, submission: Submission, marked: Marked) -> None:
        """Put the executed notebook in its place and enter the grades."""
        examined = submission.examined
        write_folder(
            self._root / "autograded" / submission.student / self._slug,
            {**examined.files, f"{self._slug}.ipynb": marked.notebook.encode("utf-8", "replace")}
            | ({} if examined.submitted is None else {"timestamp.txt": f"{examined.submitted} UTC".encode()}),
        )
        marked = Marked(**{**vars(marked), "findings": [*examined.findings, *marked.findings]})
        fingerprint = self._fingerprint(submission)
        self._write(
            lambda: ledger.record(self._gradebook, self._slug, marked, examined.submitted, fingerprint, self._config)
        )

    def _renew_penalty(self, student: str) -> None:
        """The due date may have changed, or the student been given more time."""
        ledger.penalise(self._gradebook, self._slug, student, self._config)
        self._gradebook.db.commit()

    def _write(self, entry: Callable[[], None]) -> None:
        """Enter something into the gradebook; wait for another program, such as the formgrader, to let go of it."""
        for left in reversed(range(WRITE_TRIES)):
            try:
                return entry()
            except OperationalError as error:
                self._gradebook.db.rollback()
                if not left:
                    reason = str(error.orig)
                    raise KitError(f"The gradebook cannot be written ({reason}). Close the formgrader.") from error

    def _give_feedback(self, submission: Submission) -> None:
        """Have the page written, unless the right one is there."""
        student = submission.student
        self._mark_feedback(student)
        page = feedback_page(self._gradebook, self._slug, student, self._root)
        path = self._page(student)
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes().rstrip().endswith(f"<!-- {page.stamp} -->".encode()):
                self._done.put((submission, None))
                return
        self._graders.submit(page, lambda future: self._done.put((submission, future)))

    def _mark_feedback(self, student: str) -> None:
        """Put beside the page what nbgrader's exchange releases it by, where the exchange brought the submission."""
        for name in EXCHANGE_MARKS:
            try:
                mark = read_regular(self._root / "submitted" / student / self._slug / name, LONGEST_MARK)
            except OSError:  # it is not there, or no file
                continue
            if mark:
                write_atomically(self._page(student).with_name(name), mark)

    def _page(self, student: str) -> Path:
        return self._root / "feedback" / student / self._slug / f"{self._slug}.html"

    def _is_there(self, submission: Submission) -> bool:
        executed = self._root / "autograded" / submission.student / self._slug / f"{self._slug}.ipynb"
        return submission.examined is None or executed.is_file()

    def _fingerprint(self, submission: Submission) -> str:
        return submission.digest + self._version


def look_at(student: str, slug: str, course_root: Path) -> Submission:
    """Look at what a student handed in."""
    try:
        examined = examine(course_root / "submitted" / student / slug, slug)
    except Refused as error:
        finding = Finding(error.teacher, error.student)
        return Submission(student, None, finding, _digest(error.teacher.encode()))
    when = str(examined.submitted).encode()
    return Submission(student, examined, None, _digest(examined.notebook, when, *_parts(examined.files)))


def feedback_page(gradebook: Gradebook, slug: str, student: str, course_root: Path) -> Page:
    """What a student's page is made of, as the gradebook stands now."""
    sheet = ledger.sheet(gradebook, slug, student)
    note = ledger.note(gradebook, slug, student)
    says = [finding.student for finding in note.findings if finding.student]
    executed = course_root / "autograded" / student / slug / f"{slug}.ipynb"
    notebook = "" if note.refused else executed.read_text(encoding="utf-8")
    stated = json.dumps([asdict(sheet), says], sort_keys=True).encode()
    return Page(student, notebook, sheet, says, stamp=_digest(notebook.encode("utf-8", "replace"), stated))


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Put a folder with these files in the place of one that may be there: the old one or the whole new one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}-*"):  # by a run that was killed; this one is alone
        shutil.rmtree(left)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    write_files(partial, files)
    for name in files:
        (partial / name).chmod(0o444)
    partial.chmod(0o755)
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        folder.replace(old)
        partial.replace(folder)
        shutil.rmtree(old)
    else:
        partial.replace(folder)


def _parts(files: dict[str, bytes]) -> list[bytes]:
    return [part for name, content in sorted(files.items()) for part in (name.encode(), content)]


def _digest(*parts: bytes) -> str:
    """32 hexadecimal digits of SHA-256 over parts, each with its length."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)}\0".encode() + part)
    return total.hexdigest()[:32]
