"""The class: a course with one assignment, three honest students, and the hostile ones among them."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_solution

from hostile.bait import new_marks
from hostile.corpus import Attack

SLUG = "tallies"
SOURCE = Path(__file__).parent / "course" / "source" / SLUG / f"{SLUG}.ipynb"
MARK = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
# Honest students: their wrong answers, and what they must get. The last one hands in, and is graded, after all others.
HONEST: dict[str, tuple[dict[str, str], float]] = {
    "aase": ({}, 10),
    "nils": ({"longest": "def longest(words):\n    return words[0]"}, 8),
    "zoe": ({}, 10),
}
LAST = "zoe"
# Every cell of an attack begins with this: it knows where things are, and its processes can be told by their name.
PRELUDE = 'bait = {bait!r}; __import__("ctypes").CDLL(None).prctl(15, bait["token"].encode(), 0, 0, 0)'


@dataclass(frozen=True)
class Course:
    """A course folder with the assignment released and entered into its gradebook, before anybody hands in."""

    root: Path
    marks: dict[str, str]

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "")

    def released(self) -> NotebookNode:
        return nbformat.read(self.root / "release" / SLUG / f"{SLUG}.ipynb", as_version=4)

    def right(self) -> dict[str, str]:
        """The right answer to each of the student's cells."""
        source = nbformat.read(self.root / "source" / SLUG / f"{SLUG}.ipynb", as_version=4)
        answers = {one.metadata.nbgrader.grade_id: one.source for one in source.cells if is_solution(one)}
        # A student's own work has no marks of the teacher's in it.
        own = re.compile(rf" *# {self.marks['solution']}")
        return {
            name: own.sub("", MARK.sub("", text)).replace(self.marks["solution"], "picked")
            for name, text in answers.items()
        }


def make_course(root: Path, settings: str, extra: Iterable[Path] = ()) -> Course:
    """Make the course folder, where all honest students but the last have handed in.

    Args:
        root: the folder to make.
        settings: the text of its `nbgrader_config.py`.
        extra: folders that stand beside it.
    """
    marks = new_marks()
    text = SOURCE.read_text(encoding="utf-8")
    for name in ("hidden", "argument", "solution"):
        text = text.replace(f"{name.upper()}_MARK", marks[name])
    source = root / "source" / SLUG / SOURCE.name
    source.parent.mkdir(parents=True)
    source.write_text(text, encoding="utf-8")
    (root / "nbgrader_config.py").write_text(f"{settings}\n# password of the mail account: {marks['settings']}\n")
    for folder in extra:
        shutil.copytree(folder, root / folder.name)
    nbgrader(root, "generate_assignment", SLUG, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    course = Course(root, marks)
    with course.gradebook() as gradebook:
        for student in HONEST:
            gradebook.update_or_create_student(student, last_name=marks["gradebook"])
            if student != LAST:
                _hand_in_honestly(course, student)
    return course


def _hand_in_honestly(course: Course, student: str) -> None:
    wrong, _ = HONEST[student]
    notebook = _answered(course.released(), course.right() | wrong)
    notebook.cells.append(new_markdown_cell(f"My own note: {course.marks['peer']}"))
    folder = course.root / "submitted" / student / SLUG
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{SLUG}.ipynb")


def nbgrader(root: Path, *arguments: str, **options: object) -> int:
    """Run nbgrader in a course folder, as a person does; its exit status."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = os.environ | {"PATH": search}
    return subprocess.run(command, cwd=root, env=environment, check=False, **options).returncode


@dataclass(frozen=True)
class Place:
    """What an attack's `submit` gets.

    Attributes:
        notebook: the released copy, with right answers where the attack is honest.
        folder: the student's folder for the assignment, made and empty.
        bait: see `bait.Bait.known`.
        right: the right answers by grade_id.
        course: the course folder.
    """

    notebook: NotebookNode
    folder: Path
    bait: dict[str, object]
    right: dict[str, str]
    course: Path

    @property
    def path(self) -> Path:
        """Where the notebook belongs."""
        return self.folder / f"{SLUG}.ipynb"

    def cell(self, grade_id: str) -> NotebookNode:
        """The cell of that id."""
        return next(one for one in self.notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == grade_id)

    def tests(self) -> list[NotebookNode]:
        """The cells that nbgrader grades by itself."""
        return [one for one in self.notebook.cells if is_grade(one) and not is_solution(one)]

    def save(self) -> None:
        """Hand in the notebook as it stands now, whatever was done to it."""
        self.path.write_text(nbformat.v4.writes(self.notebook), encoding="utf-8")

    def download(self, name: str) -> Path:
        """Where a file of that name stands among those that the learning platform gives out, and nowhere else."""
        shutil.rmtree(self.folder.parent)
        folder = self.course / "downloaded" / SLUG / "archive"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.bait['me']}_1234_5678_{name}"


@dataclass(frozen=True)
class Class:
    """The class that has handed in.

    Attributes:
        course: its course.
        attacks: student -> the attack.
        tokens: student -> what the attack leaves where it has been.
    """

    course: Course
    attacks: dict[str, Attack]
    tokens: dict[str, str]


def hand_in(course: Course, attacks: Iterable[Attack], known: Callable[..., dict[str, object]]) -> Class:
    """Put the hostile submissions, and then the last honest one, into the course folder.

    Args:
        course: see `make_course`.
        attacks: the hostile ones.
        known: see `bait.Bait.known`.
    """
    _hand_in_honestly(course, LAST)
    right = course.right()
    held = Class(course, {}, {})
    attacks = list(attacks)
    with course.gradebook() as gradebook:  # the teacher has entered the class
        for attack in attacks:
            gradebook.update_or_create_student(attack.name)
    for attack in attacks:
        token = f"h{secrets.token_hex(5)}"
        folder = course.root / "submitted" / attack.name / SLUG
        folder.mkdir(parents=True)
        notebook = _answered(course.released(), right if attack.honest else {})
        bait = known(token, attack.name, LAST, course.root, SLUG)
        place = Place(notebook, folder, bait, right, course.root)
        if attack.submit is None:
            for where, grade_id, code in attack.cells:
                _put(place, where, grade_id, f"{PRELUDE.format(bait=bait)}\n{code}")
            place.save()
        else:
            attack.submit(place)
        held.attacks[attack.name], held.tokens[attack.name] = attack, token
    return held


def _answered(notebook: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    for one in notebook.cells:
        if is_solution(one):
            one.source = answers.get(one.metadata.nbgrader.grade_id, one.source)
    return notebook


def _put(place: Place, where: str, grade_id: str, code: str) -> None:
    cell = place.cell(grade_id)
    if where == "at":
        cell.source = code
    else:
        place.notebook.cells.insert(place.notebook.cells.index(cell) + (where == "after"), new_code_cell(code))
