"""Times and scores are read from notebooks as JupyterLab and the tests write them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from hipkit.grading.handed_in import Score, minutes_at_work, read_executed

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def notebook(path: Path, stamps: list[object]) -> Path:
    cells = [new_code_cell("x = 1") for _ in [*stamps, None]]
    for cell, stamp in zip(cells, stamps, strict=False):
        cell.metadata["execution"] = stamp
    # As text: nbformat does not write all that a student may have written.
    path.write_text(json.dumps(new_notebook() | {"cells": cells}))
    return path


def at(minutes: float) -> dict[str, str]:
    return {"iopub.execute_input": (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")}


@pytest.mark.parametrize(
    ("stamps", "minutes"),
    [
        ([], None),
        ([at(0)], None),
        ([at(0), at(20), at(45)], 45),
        ([at(45), at(0), at(20)], 45),  # cells are run in any order
        ([at(0), at(20), at(20 + 600), at(630)], 30),  # a night between
        ([at(0), {"iopub.execute_input": "2026-11-20T09:10:00"}], 10),
        ([at(0), {"iopub.execute_input": "yesterday"}, {"iopub.execute_input": 7}, "soon", at(12)], 12),
    ],
)
def test_time_is_from_the_first_to_the_last_run_without_pauses(
    tmp_path: Path, stamps: list[object], minutes: float | None
) -> None:
    assert minutes_at_work(notebook(tmp_path / "a.ipynb", stamps)) == minutes


def test_scores_are_read_from_lines_of_their_form_only(tmp_path: Path) -> None:
    lines = [
        "Score: leak = 0.0310 (lower is better)",
        "Score: AUC at 1 % = -1.5e-03 (higher is better)",
        "Score: leak = 0.1 (best is better)",
        "Score: leak = one (lower is better)",
        "My score: leak = 0.2 (lower is better)",
    ]
    test = {"grade": True, "solution": False, "locked": True, "grade_id": "t", "points": 1, "schema_version": 3}
    cell = new_code_cell("release()", metadata={"nbgrader": test})
    cell.outputs = [new_output("stream", name="stdout", text="\n".join(lines) + "\n")]
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "a.ipynb")
    assert read_executed(tmp_path / "a.ipynb").scores == {
        "t": [Score("leak", 0.031, "lower"), Score("AUC at 1 %", -0.0015, "higher")]
    }
