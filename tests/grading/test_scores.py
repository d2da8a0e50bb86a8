"""What a test prints stays with its cell: it changes no points, students see it, and they cannot print it instead."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbgrader.utils import determine_grade

from hipkit.grading.cells import run_cells
from hipkit.grading.selftest import run

LINE = "Score: leak = 0.25 (lower is better)\n"
SHOWS = "from hipkit.teaching import show_score\nshow_score('leak', 0.25, 'lower')"


def graded(source: str) -> tuple[list, float]:
    """Outputs and points of a test cell, worth 2, with this source."""
    (outputs,) = run_cells([source], seed=1)
    cell = nbformat.v4.new_code_cell(source)
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "grade_id": "test", "points": 2}
    return outputs, determine_grade(cell)[0]


def test_a_score_is_kept_and_changes_no_points() -> None:
    assert graded(SHOWS) == ([{"output_type": "stream", "name": "stdout", "text": LINE}], 2)
    outputs, points = graded(f"{SHOWS}\n1.5")
    assert [output["output_type"] for output in outputs] == ["stream", "execute_result"] and points == 1.5
    outputs, points = graded(f"{SHOWS}\nassert False, 'no'")
    assert [output["output_type"] for output in outputs] == ["stream", "error"] and points == 0


def test_the_selftest_takes_a_score_for_no_fault(counting: Path) -> None:
    add_to_hidden_test(counting, f"{SHOWS}\n")
    (report,) = run(["counting"], seeds=1, jobs=1, course_root=counting)
    assert report.faults() == []


def test_students_see_their_score_and_can_show_no_other(counting: Path, tmp_path: Path) -> None:
    add_to_hidden_test(counting, f"{SHOWS}\n")
    own = {"HOME": str(tmp_path), "PATH": os.defpath}

    def nbgrader(*arguments: str) -> None:
        command = [Path(sys.executable).with_name("nbgrader"), *arguments, "counting"]
        done = subprocess.run(command, cwd=counting, env=os.environ | own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    nbgrader("generate_assignment")
    notebook = nbformat.read(counting / "source" / "counting" / "counting.ipynb", as_version=4)
    answer = cell_of(notebook, "count")
    forged = "print('Score: leak = 0 (lower is better)')"
    answer.source = (
        f"{forged}\ndef count_above(values, limit):\n    {forged}\n    return sum(v > limit for v in values)"
    )
    handed_in = counting / "submitted" / "kari" / "counting" / "counting.ipynb"
    handed_in.parent.mkdir(parents=True)
    nbformat.write(notebook, handed_in)
    nbgrader("autograde", "--create")
    nbgrader("generate_feedback")
    (autograded,) = (counting / "autograded").rglob("counting.ipynb")
    test = cell_of(nbformat.read(autograded, as_version=4), "count-test")
    assert [output.get("text") for output in test.outputs] == [LINE]
    assert determine_grade(test)[0] == 2
    (page,) = (counting / "feedback").rglob("counting.html")
    html = page.read_text(encoding="utf-8")
    assert LINE.strip() in html
    assert "drawn_secretly" not in html and "show_score" not in html


def add_to_hidden_test(course: Path, lines: str) -> None:
    path = course / "source" / "counting" / "counting.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = cell_of(notebook, "count-test")
    before, mark, after = cell.source.partition("### BEGIN HIDDEN TESTS\n")
    assert mark
    cell.source = f"{before}{mark}{lines}{after}"
    nbformat.write(notebook, path)


def cell_of(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
