"""The tiny assignments in fixtures/ as nbgrader courses, and classes that have been graded."""

import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import determine_grade, is_grade, is_solution

from hipkit.grading.cells import run_cells
from hipkit.grading.classbook import open_gradebook
from hipkit.grading.execute import complete
from hipkit.grading.release import generate
from hipkit.paths import ASSIGNMENTS

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def make_course(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Makes a course folder of its own, with the course's settings, and one assignment of `origin` in it."""

    def make(origin: Path, slug: str) -> Path:
        root = tmp_path_factory.mktemp("course")
        for part in ("source", "mutants"):
            shutil.copytree(origin / part / slug, root / part / slug)
        shutil.copy(ASSIGNMENTS / "nbgrader_config.py", root)
        shutil.copytree(ASSIGNMENTS / "templates", root / "templates")
        return root

    return make


@pytest.fixture
def counting(make_course: Callable[[Path, str], Path]) -> Path:
    """A course with the assignment `counting` and its wrong answers."""
    return make_course(FIXTURES, "counting")


@pytest.fixture(scope="session")
def make_class(make_course: Callable[[Path, str], Path]) -> Callable[..., Path]:
    """Makes a course in which a class has been graded: `make_class({student: {cell: code}}, day=None)`.

    The gradebook is nbgrader's own, and the answers run; only the kernels and nbgrader's conversions are left out. A
    cell that a student does not name has the reference solution. The reflection waits for a person.
    """

    def make(answers: dict[str, dict[str, str]], day: Callable[[int], datetime] | None = None) -> Path:
        root = make_course(FIXTURES, "counting")
        generate("counting", root)
        notebook = nbformat.read(root / "source" / "counting" / "counting.ipynb", as_version=4)
        cells = {
            student: [nbformat.from_dict(cell | {"source": _answer(cell, codes)}) for cell in notebook.cells]
            for student, codes in answers.items()
        }
        code = {student: [cell for cell in own if cell.cell_type == "code"] for student, own in cells.items()}
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            sources = [[cell.source for cell in own] for own in code.values()]
            for own, found in zip(code.values(), pool.map(run_cells, sources, [0] * len(code)), strict=True):
                for cell, outputs in zip(own, found, strict=True):
                    cell.outputs = [nbformat.from_dict(complete(output)) for output in outputs]
        with open_gradebook(root) as gradebook:
            for number, (student, own) in enumerate(cells.items()):
                gradebook.update_or_create_student(student, first_name=student.title(), last_name="Fjellrype")
                time = day(number) if day else None
                gradebook.update_or_create_submission("counting", student, timestamp=time)
                for cell in filter(is_grade, own):
                    grade = gradebook.find_grade(cell.metadata.nbgrader.grade_id, "counting", "counting", student)
                    grade.auto_score = determine_grade(cell)[0]
                    grade.needs_manual_grade = grade.auto_score is None
                gradebook.db.commit()
                for step in ("submitted", "autograded"):
                    folder = root / step / student / "counting"
                    folder.mkdir(parents=True)
                    nbformat.write(nbformat.v4.new_notebook(cells=own), folder / "counting.ipynb")
        return root

    return make


def _answer(cell: nbformat.NotebookNode, codes: dict[str, str]) -> str:
    return codes.get(cell.metadata.nbgrader.grade_id, cell.source) if is_solution(cell) else cell.source
