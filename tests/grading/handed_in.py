"""Writes what students hand in for an assignment of a test's course."""

from pathlib import Path

import nbformat
from nbgrader.utils import is_solution

from hipkit.grading.demo import MARK
from hipkit.grading.mutants import read_mutants
from hipkit.grading.release import generate, source_notebook


def released_notebook(course: Path, slug: str) -> nbformat.NotebookNode:
    """The student's copy, made by nbgrader where it is not there."""
    path = course / "release" / slug / f"{slug}.ipynb"
    return nbformat.read(path if path.is_file() else generate(slug, course), as_version=4)


def solutions(course: Path, slug: str) -> dict[str, str]:
    """Grade id of a solution cell -> the reference solution, without its marks."""
    cells = nbformat.read(source_notebook(slug, course), as_version=4).cells
    return {cell.metadata.nbgrader.grade_id: MARK.sub("", cell.source) for cell in cells if is_solution(cell)}


def answered(course: Path, slug: str, answers: dict[str, str]) -> nbformat.NotebookNode:
    """The student's copy with these answers."""
    notebook = released_notebook(course, slug)
    for cell in notebook.cells:
        if is_solution(cell):
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return notebook


def hand_in(course: Path, slug: str, student: str, notebook: nbformat.NotebookNode) -> Path:
    """Put a notebook into the student's folder; returns the file."""
    folder = course / "submitted" / student / slug
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{slug}.ipynb")
    return folder / f"{slug}.ipynb"


def hand_in_class(course: Path, slug: str, size: int) -> dict[str, dict[str, float]]:
    """The reference, the copy as it was, and the wrong answers in turn; returns student -> points lost by test."""
    right, wrong = solutions(course, slug), read_mutants(slug, course)
    due = {}
    for number in range(size):
        mutant = wrong[number % len(wrong)] if number % 3 else None
        answers = right | (mutant.cells if mutant else {})
        hand_in(course, slug, f"student{number:03}", answered(course, slug, answers))
        due[f"student{number:03}"] = dict(mutant.loses) if mutant else {}
    return due
