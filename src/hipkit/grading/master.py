"""The teacher's notebook as it is graded with: stubs where students write, every test whole, nbgrader's data on it."""

import ast
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums, LockCells

from hipkit.grading.intake.submission import LEFTOVERS
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


def files_beside(slug: str, course_root: Path = ASSIGNMENTS) -> dict[str, bytes]:
    """Path with "/" -> content of what stands beside the assignment's notebook; nbgrader gives it to students too."""
    folder = source_notebook(slug, course_root).parent
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in found.items()
        if name.suffix != ".ipynb" and LEFTOVERS.isdisjoint(name.parts)
    }


def visible_source(cell: NotebookNode) -> str:
    """The source of a cell as the student's copy has it: without hidden tests."""
    shown = NotebookNode(cell, metadata=cell.metadata)
    ClearHiddenTests()._remove_hidden_test_region(shown)
    return shown.source


def imports(notebook: NotebookNode) -> tuple[str, ...]:
    """The installed modules that the teacher's code imports: worth having loaded before a class is graded."""
    named: set[str] = set()
    for cell in notebook.cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return tuple(sorted(name for name in named if _is_module(name)))


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, AttributeError, ValueError):  # what it seems to be in is no package
        return False
