"""What a student receives holds nothing of the solutions and no hidden test."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_grade, is_solution

from hipkit.errors import KitError
from hipkit.grading.release import generate, slugs, source_notebook
from hipkit.paths import ASSIGNMENTS

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)


def telling_lines(text: str) -> set[str]:
    """Lines long enough to give something away."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 12}


@pytest.mark.parametrize("slug", slugs())
def test_the_students_copy_gives_nothing_away(slug: str, make_course: Callable[[Path, str], Path]) -> None:
    course = make_course(ASSIGNMENTS, slug)
    source = nbformat.read(source_notebook(slug), as_version=4)
    text = "\n".join(cell.source for cell in source.cells)
    solutions, hidden = SOLUTION.findall(text), HIDDEN.findall(text)
    assert solutions
    assert hidden
    secret = telling_lines("\n".join(solutions + hidden))
    # What is shown to students anyway, above or below the secret part, gives nothing away.
    secret -= telling_lines(HIDDEN.sub("", SOLUTION.sub("", text)))
    written = {cell.metadata.nbgrader.grade_id: cell.source for cell in source.cells if is_solution(cell)}

    copy = nbformat.read(generate(slug, course, gradebook=False), as_version=4)
    everything = nbformat.writes(copy)
    assert "SOLUTION" not in everything
    assert "HIDDEN" not in everything
    shown = telling_lines("\n".join(cell.source for cell in copy.cells))
    assert secret & shown == set()
    for cell in copy.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
        if is_solution(cell):
            assert cell.source != written[cell.metadata.nbgrader.grade_id]
            kind = "NotImplementedError" if cell.cell_type == "code" else "Write your answer here"
            assert kind in cell.source


@pytest.mark.parametrize("slug", slugs())
def test_only_answers_can_be_edited(slug: str, make_course: Callable[[Path, str], Path]) -> None:
    copy = nbformat.read(generate(slug, make_course(ASSIGNMENTS, slug), gradebook=False), as_version=4)
    for cell in copy.cells:
        assert cell.metadata.nbgrader.locked != is_solution(cell), cell.source
    assert any(is_grade(cell) and is_solution(cell) for cell in copy.cells), "There is no reflection."


def test_a_cell_that_nbgrader_refuses_is_one_message(counting: Path) -> None:
    path = counting / "source" / "counting" / "counting.ipynb"
    path.write_text(path.read_text().replace("### END SOLUTION", "### END"))
    with pytest.raises(KitError, match="could not make the student's copy of 'counting'") as raised:
        generate("counting", counting, gradebook=False)
    assert "Traceback" not in str(raised.value)


def test_a_source_that_is_no_notebook_is_one_message_with_the_reason(counting: Path) -> None:
    (counting / "source" / "counting" / "counting.ipynb").write_text("not a notebook")
    with pytest.raises(KitError, match="NotJSONError: Notebook does not appear to be JSON") as raised:
        generate("counting", counting, gradebook=False)
    assert "Traceback" not in str(raised.value)
    assert 'File "' not in str(raised.value)


def test_an_assignment_that_is_not_there_is_named_with_those_there_are(counting: Path) -> None:
    with pytest.raises(KitError, match=r"no assignment called 'sums'\. The assignments are: counting"):
        source_notebook("sums", counting)
    shutil.rmtree(counting / "source")
    with pytest.raises(KitError, match="none yet"):
        source_notebook("counting", counting)
