"""The teacher's notebook as it is graded with: stubs where students write, every test whole, nbgrader's data on it."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums, LockCells

from hipkit.grading.release import settings, source_notebook
from hipkit.paths import ASSIGNMENTS


def master_notebook(slug: str, course_root: Path = ASSIGNMENTS) -> NotebookNode:
    """The assignment's notebook after the steps of `nbgrader generate_assignment` that come before it is saved.

    Its cells have the ids, points and checksums that the gradebook has of them.

    Raises:
        KitError: there is no such assignment.
    """
    notebook = nbformat.read(source_notebook(slug, course_root), as_version=4)
    config = settings(course_root)
    for step in (ClearSolutions, LockCells, ComputeChecksums):
        notebook, _ = step(config=config).preprocess(notebook, {})
    return notebook


def visible_source(cell: NotebookNode) -> str:
    """The source of a cell as the student's copy has it: without hidden tests."""
    shown = NotebookNode(cell, metadata=cell.metadata)
    ClearHiddenTests()._remove_hidden_test_region(shown)
    return shown.source
