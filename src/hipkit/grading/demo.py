"""A demonstration class: twelve invented students, and nbgrader from the assignment to the grades.

It stands in `_build/class`, a course of its own with its own gradebook. It is made anew each time.
"""

import os
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from nbgrader.utils import is_grade, is_solution
from sqlalchemy.exc import SAWarning

from hipkit.errors import KitError
from hipkit.grading.cells import SEED
from hipkit.grading.mutants import read_mutants
from hipkit.grading.release import CONFIG, generate, said, settings, source_notebook
from hipkit.grading.selftest import REFERENCE, RELEASED
from hipkit.paths import ASSIGNMENTS, BUILD

CLASS = BUILD / "class"
# nbgrader run in the class's folder reads this: the course's own settings, but another place and another gradebook.
SETTINGS = f'''\
"""Settings of the demonstration class: those of the course, for this folder. Made by `hipkit grade demo`."""

from pathlib import Path

c = get_config()
load_subconfig({CONFIG.name!r}, path={str(CONFIG.parent)!r})
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
'''
MARK = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
# Invented; the identifier is what nbgrader calls the folder of a submission.
STUDENTS = {
    "astrid": ("Astrid", "Fjellrype"),
    "birk": ("Birk", "Havørn"),
    "dina": ("Dina", "Linerle"),
    "eskil": ("Eskil", "Tjeld"),
    "frida": ("Frida", "Fossekall"),
    "geir": ("Geir", "Blåmeis"),
    "hanna": ("Hanna", "Rødstrupe"),
    "iver": ("Iver", "Kjøttmeis"),
    "jorunn": ("Jorunn", "Gråspurv"),
    "kasper": ("Kasper", "Svarttrost"),
    "liv": ("Liv", "Sandlo"),
    "mons": ("Mons", "Vipe"),
}


@dataclass(frozen=True)
class Row:
    """One student of the class after grading."""

    name: str
    handed_in: str  # REFERENCE, RELEASED or the misconception of a wrong answer
    points: dict[str, float]  # grade_id of a test cell -> points, from nbgrader's gradebook


@dataclass(frozen=True)
class Class:
    """The class after grading, and where what was made stands."""

    slug: str
    worth: dict[str, float]  # grade_id of a test cell -> its points
    rows: list[Row]
    to_read: list[str]  # grade_ids of the cells that a person grades
    root: Path
    grades: Path  # the CSV
    feedback: Path  # the page of the student with a wrong answer and the fewest points


def hold_class(
    slug: str,
    say: Callable[[str], None] = lambda text: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    course_root: Path = ASSIGNMENTS,
    root: Path = CLASS,
    size: int = len(STUDENTS),
) -> Class:
    """Make the class anew: release, collect, autograde, feedback, export, each by nbgrader.

    The first student hands in the reference solution, the second the untouched copy, the others the wrong answers in
    turn.

    Args:
        slug: the assignment.
        say: called with a line at each step.
        progress: called with how many submissions are graded and how many there are.
        course_root: where the assignment and its wrong answers stand.
        root: the folder of the class; what an earlier class left there is removed.
        size: how many students, three to twelve.

    Raises:
        KitError: there is no such assignment, it has no wrong answers, or nbgrader refuses a step.
    """
    source = source_notebook(slug, course_root)
    if not read_mutants(slug, course_root):
        raise KitError(f"There are no wrong answers to {slug!r} to hand in. Add some to assignments/mutants/{slug}.")
    try:
        shutil.rmtree(root)
    except FileNotFoundError:
        pass
    except PermissionError as error:  # on Windows, while a program has a file open
        raise KitError(f"{error.filename} is in use. Close JupyterLab on this class and run it again.") from error
    shutil.copytree(source.parent, root / "source" / slug)
    (root / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")

    say("Release: nbgrader makes the students' copy")
    released = generate(slug, root)
    api = NbGraderAPI(config=settings(root))
    say("Collect: the class hands in, and nbgrader sorts the archive")
    with api.gradebook as gradebook:
        for student, (given, family) in list(STUDENTS.items())[:size]:
            gradebook.update_or_create_student(student, first_name=given, last_name=family)
    handed_in = _hand_in(slug, source, released, course_root, size)
    _collect(slug, root)
    say("Autograde: nbgrader runs every submission")
    _autograde(slug, root, list(handed_in), progress)
    say("Feedback: nbgrader writes a page for every student")
    _succeed(api.generate_feedback(slug), f"write the feedback on {slug!r}")
    say("Export: nbgrader writes the grades as CSV")
    grades = root / "grades.csv"
    with api.gradebook as gradebook:
        CsvExportPlugin(to=str(grades)).export(gradebook)
        graded = [cell for cell in _cells(source) if is_grade(cell)]
        worth = {_id(cell): float(cell.metadata.nbgrader.points) for cell in graded if not is_solution(cell)}
        rows = {student: _row(gradebook, slug, student, answer, worth) for student, answer in handed_in.items()}
    worst = min(list(rows)[2:], key=lambda student: sum(rows[student].points.values()))
    return Class(
        slug=slug,
        worth=worth,
        rows=list(rows.values()),
        to_read=[_id(cell) for cell in graded if is_solution(cell)],
        root=root,
        grades=grades,
        feedback=root / "feedback" / worst / slug / f"{slug}.html",
    )


def _hand_in(slug: str, source: Path, released: Path, course_root: Path, size: int) -> dict[str, str]:
    """Write the submissions into an archive such as a learning platform gives out.

    Returns:
        Each student's identifier and what was handed in.
    """
    # A student's answer has no marks around it.
    solutions = {_id(cell): MARK.sub("", cell.source) for cell in _cells(source) if is_solution(cell)}
    answers = [(REFERENCE, solutions), (RELEASED, {})]
    wrong = cycle(read_mutants(slug, course_root))
    while len(answers) < size:
        mutant = next(wrong)
        answers.append((mutant.misconception, solutions | mutant.cells))
    archive = released.parents[2] / "downloaded" / slug / "archive" / "class.zip"
    archive.parent.mkdir(parents=True)
    handed_in = {}
    with zipfile.ZipFile(archive, "w") as file:
        for student, (answer, cells) in zip(STUDENTS, answers, strict=False):
            notebook = nbformat.read(released, as_version=4)
            for cell in notebook.cells:
                if is_solution(cell):
                    cell.source = cells.get(_id(cell), cell.source)
            file.writestr(f"{student}_{slug}.ipynb", nbformat.writes(notebook))
            handed_in[student] = answer
    return handed_in


def _collect(slug: str, root: Path) -> None:
    # nbgrader's API has no zip_collect, so the command itself runs.
    command = [sys.executable, "-m", "nbgrader", "zip_collect", slug]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise KitError(f"nbgrader could not collect the submissions:\n{done.stderr.strip()}")


def _autograde(slug: str, root: Path, students: list[str], progress: Callable[[int, int], None]) -> None:
    """Let nbgrader grade the submissions, as many at a time as there are cores."""
    again = []
    try:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
            futures = {pool.submit(_autograde_one, slug, root, student): student for student in students}
            for done, future in enumerate(as_completed(futures), start=1):
                if not future.result()["success"]:
                    again.append(futures[future])
                progress(done, len(students))
    except BrokenProcessPool as error:
        message = "The system ended a process that was grading; most often memory is short. Close other programs."
        raise KitError(message) from error
    # SQLite lets one process write at a time and may send another away. Alone, each gets its turn.
    for student in again:
        _succeed(_autograde_one(slug, root, student), f"grade the submission of {student!r}")


def _autograde_one(slug: str, root: Path, student: str) -> dict[str, str | bool]:
    os.environ[SEED] = "2026"  # the same class, the same grades
    # nbgrader's own way with its database makes SQLAlchemy warn; nothing is lost and nobody here can change it.
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
    return NbGraderAPI(config=settings(root)).autograde(slug, student)


def _row(gradebook: Gradebook, slug: str, student: str, answer: str, worth: dict[str, float]) -> Row:
    grades = gradebook.find_submission_notebook(slug, slug, student).grades
    return Row(" ".join(STUDENTS[student]), answer, {one.name: one.auto_score for one in grades if one.name in worth})


def _cells(path: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(path, as_version=4).cells


def _id(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _succeed(outcome: dict[str, str | bool], what: str) -> None:
    if not outcome["success"]:
        raise KitError(f"nbgrader could not {what}:\n{said(outcome)}")
