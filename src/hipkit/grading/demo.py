"""A demonstration class: twelve invented students, from the assignment to the grades.

It stands in `_build/class`, a course of its own with its own gradebook. It is made anew each time.
"""

import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from nbgrader.utils import is_grade, is_solution

from hipkit.errors import KitError
from hipkit.grading import ledger
from hipkit.grading.batch import run
from hipkit.grading.intake import collect
from hipkit.grading.mutants import read_mutants
from hipkit.grading.release import CONFIG, generate, settings, source_notebook
from hipkit.grading.report import report_on
from hipkit.grading.report_page import write_report
from hipkit.grading.results import RESULTS
from hipkit.grading.sandbox import unavailable
from hipkit.grading.selftest import REFERENCE, RELEASED
from hipkit.paths import ASSIGNMENTS, BUILD

CLASS = BUILD / "class"
SEED = 2026  # the same class, the same grades
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
    report: Path  # the page on the class


def hold_class(
    slug: str,
    say: Callable[[str], None] = lambda text: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    course_root: Path = ASSIGNMENTS,
    root: Path = CLASS,
    size: int = len(STUDENTS),
) -> Class:
    """Make the class anew: release, collect, grade, report, export.

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
    shutil.copytree(course_root / "mutants" / slug, root / "mutants" / slug)
    (root / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")

    say("Release: nbgrader makes the students' copy")
    released = generate(slug, root)
    api = NbGraderAPI(config=settings(root))
    say("Collect: the class hands in, and the archive is sorted")
    with api.gradebook as gradebook:
        for student, (given, family) in list(STUDENTS.items())[:size]:
            gradebook.update_or_create_student(student, first_name=given, last_name=family)
    archive, handed_in = _hand_in(slug, source, released, course_root, size)
    collect(slug, [archive], course_root=root)
    contained = unavailable() is None
    say(f"Grade: every submission is run{', contained' if contained else ''}, and a page written for each student")
    with api.gradebook as gradebook:
        ledger.fix_seed(gradebook, slug, SEED)
    # What is handed in here is the course's own code, so it may also run where nothing can be contained.
    outcome = run(slug, root, contained=contained, progress=progress)
    if troubled := outcome.refused | outcome.failed:
        raise KitError(f"The demonstration class could not be graded: {troubled}")
    say("Report: what the class has misunderstood")
    # The course's own wrong answers have most often been tried already, and what came out is kept.
    found = report_on(slug, root, RESULTS if course_root == ASSIGNMENTS else root / "selftest")
    report, _ = write_report(found, root / "reports" / slug, course_root=root)
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
        report=report,
    )


def _hand_in(slug: str, source: Path, released: Path, course_root: Path, size: int) -> tuple[Path, dict[str, str]]:
    """Write the submissions into an archive such as a learning platform gives out.

    Returns:
        The archive, and each student's identifier with what was handed in.
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
    return archive, handed_in


def _row(gradebook: Gradebook, slug: str, student: str, answer: str, worth: dict[str, float]) -> Row:
    grades = gradebook.find_submission_notebook(slug, slug, student).grades
    return Row(" ".join(STUDENTS[student]), answer, {one.name: one.auto_score for one in grades if one.name in worth})


def _cells(path: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(path, as_version=4).cells


def _id(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id
