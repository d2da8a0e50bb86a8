"""What a notebook's cell is in an assignment, by nbgrader's metadata."""

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution


def is_test(cell: NotebookNode) -> bool:
    """A code cell that nbgrader grades and the student does not write."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def is_setup(cell: NotebookNode) -> bool:
    """A code cell of the teacher's that is no test, such as imports: the student cannot change it."""
    return cell.cell_type == "code" and is_locked(cell) and not is_grade(cell) and not is_solution(cell)
