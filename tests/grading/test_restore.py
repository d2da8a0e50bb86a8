"""The teacher's cells of a submission are the teacher's again, whatever a student did to them."""

from copy import deepcopy
from pathlib import Path

import pytest
from handed_in import answered, solutions
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.utils import compute_checksum

from hipkit.grading.master import imports, master_notebook
from hipkit.grading.release import source_notebook
from hipkit.grading.restore import RestoreCells

SLUG = "counting"


@pytest.fixture
def master(counting: Path) -> NotebookNode:
    return master_notebook(SLUG, counting)


@pytest.fixture
def honest(counting: Path) -> NotebookNode:
    return answered(counting, SLUG, solutions(counting, SLUG))


def restored(notebook: NotebookNode, master: NotebookNode) -> tuple[NotebookNode, RestoreCells]:
    step = RestoreCells(master=master)
    notebook, _ = step.preprocess(notebook, {"nbgrader": {"assignment": SLUG}})
    return notebook, step


def of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    (found,) = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return found


def test_honest_work_gets_its_whole_tests_and_no_word(honest: NotebookNode, master: NotebookNode) -> None:
    answer = of(honest, "count").source
    notebook, step = restored(honest, master)
    assert "BEGIN HIDDEN TESTS" in of(notebook, "count-test").source
    assert of(notebook, "count").source == answer
    assert step.suspicions == [] and step.findings == []


def test_white_space_at_the_end_is_no_suspicion(honest: NotebookNode, master: NotebookNode) -> None:
    of(honest, "count-test").source += "\n\n"
    assert restored(honest, master)[1].suspicions == []


@pytest.mark.parametrize(
    ("key", "value"), [("points", 50), ("grade", False), ("solution", True), ("locked", False), ("task", True)]
)
def test_what_nbgrader_keeps_is_the_teachers(
    key: str, value: object, honest: NotebookNode, master: NotebookNode
) -> None:
    of(honest, "count-test").metadata.nbgrader[key] = value
    of(honest, "count-test").source = "pass"
    notebook, step = restored(honest, master)
    assert of(notebook, "count-test").metadata.nbgrader == of(master, "count-test").metadata.nbgrader
    assert of(notebook, "count-test").source == of(master, "count-test").source
    assert len(step.suspicions) == 2 and key in step.suspicions[0]


@pytest.mark.parametrize(
    ("before", "after", "cell"),
    [
        ("The values above the limit are not counted.", "Count what is above the limit.", "count-test"),
        ('"points": 2', '"points": 4', "count-test"),
        ('"points": 4', '"points": 8', "reflection"),  # it is graded by a person, and its text is the student's
        ("import numpy as np", "import numpy", "setup"),
        ('"count-test"', '"count-tests"', "count-test"),
    ],
)
def test_a_copy_from_before_the_teacher_changed_a_cell_is_no_suspicion(
    before: str, after: str, cell: str, counting: Path, honest: NotebookNode
) -> None:
    of(honest, "reflection").source = "Two of three are few."
    source = source_notebook(SLUG, counting)
    assert before in source.read_text()
    source.write_text(source.read_text().replace(before, after))
    changed = master_notebook(SLUG, counting)
    notebook, step = restored(honest, changed)
    assert step.suspicions == []
    assert [one.teacher for one in step.findings if repr(cell) in one.teacher and not one.student]
    assert {one.metadata.nbgrader.grade_id: one.metadata.nbgrader for one in changed.cells if one.metadata} == {
        one.metadata.nbgrader.grade_id: one.metadata.nbgrader for one in notebook.cells if "nbgrader" in one.metadata
    }


def test_who_changes_a_test_and_its_checksum_is_told_of_and_gains_nothing(
    honest: NotebookNode, master: NotebookNode
) -> None:
    cell = of(honest, "count-test")
    cell.source = "pass"
    cell.metadata.nbgrader.checksum = compute_checksum(cell)
    notebook, step = restored(honest, master)
    assert of(notebook, "count-test").source == of(master, "count-test").source
    assert [one.student for one in step.findings] == [""] and step.suspicions == []


def test_a_checksum_of_today_does_not_excuse_what_nbgrader_keeps(honest: NotebookNode, master: NotebookNode) -> None:
    of(honest, "reflection").metadata.nbgrader.points = 50
    assert "points" in restored(honest, master)[1].suspicions[0]


def test_a_test_that_became_text_is_code_again(honest: NotebookNode, master: NotebookNode) -> None:
    cell = of(honest, "count-test")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    notebook, step = restored(honest, master)
    assert of(notebook, "count-test").cell_type == "code" and step.suspicions


def test_deleted_cells_stand_where_they_were(honest: NotebookNode, master: NotebookNode) -> None:
    order = [cell.metadata.nbgrader.grade_id for cell in master.cells if "nbgrader" in cell.metadata]
    honest.cells = [cell for cell in honest.cells if "nbgrader" not in cell.metadata]
    notebook, step = restored(honest, master)
    assert [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata] == order
    assert len(step.findings) == len(order) and not step.suspicions


def test_of_copies_the_last_is_the_cell(honest: NotebookNode, master: NotebookNode) -> None:
    copy = deepcopy(of(honest, "count"))
    copy.source = "first = 1"
    honest.cells.insert(0, copy)
    notebook, step = restored(honest, master)
    assert "nbgrader" not in notebook.cells[0].metadata and of(notebook, "count").source != "first = 1"
    assert len(step.findings) == 1 and not step.suspicions


def test_an_invented_test_is_an_ordinary_cell(honest: NotebookNode, master: NotebookNode) -> None:
    invented = new_code_cell("99")
    invented.metadata["nbgrader"] = {"grade": True, "grade_id": "mine", "points": 99, "solution": False, "locked": True}
    honest.cells.append(invented)
    notebook, step = restored(honest, master)
    assert "nbgrader" not in notebook.cells[-1].metadata and "'mine'" in step.suspicions[0]


def test_the_kernel_is_the_teachers(honest: NotebookNode, master: NotebookNode) -> None:
    honest.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine"}
    assert restored(honest, master)[0].metadata["kernelspec"] == master.metadata["kernelspec"]


def test_what_the_teacher_imports_is_worth_loading(master: NotebookNode) -> None:
    master.cells.append(new_code_cell("import numpy as np\nfrom scipy import stats\nfrom nowhere import nothing"))
    found = imports(master)
    assert {"numpy", "scipy", "scipy.stats"} <= set(found) and not [name for name in found if "nowhere" in name]
