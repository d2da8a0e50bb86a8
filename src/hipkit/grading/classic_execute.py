"""Runs a submission with its tests in the student's kernel, as nbgrader does, and looks whether they can still fail.

For courses whose tests cannot stand outside, because they look at the kernel itself. A kernel that a student has
tampered with may pass every test; it then also passes one that must fail.
"""

import secrets

from nbformat import NotebookNode

from hipkit.grading.execute import ContainedExecute, failure
from hipkit.grading.roles import is_test

TAMPERED = "Tampered"
SAYS = "A test that must fail did not. A person looks at this submission."


class ClassicExecute(ContainedExecute):
    """nbgrader's Execute, contained, with a canary behind each test that was passed.

    The canary is the same test with an assertion at its end that cannot hold, under a name that is drawn anew. It must
    end in that assertion's error, word for word. If it does not, the test gives no points and says so.
    """

    def take_cell(self, index: int, cell: NotebookNode) -> None:
        """Run a cell; a test that was passed runs again, and must fail."""
        self.run(index, cell)
        if not is_test(cell) or index in self._breaking or any(_is_error(output) for output in cell.outputs):
            return
        passed, nonce = list(cell.outputs), secrets.token_hex(16)
        canary = NotebookNode(cell, source=f"{cell.source}\nassert {nonce!r} == {nonce[::-1]!r}, {nonce!r}", outputs=[])
        self.run(index, canary)
        self.nb.cells[index] = cell
        fell = any(
            _is_error(output) and (output.ename, output.evalue) == ("AssertionError", nonce)
            for output in canary.outputs
        )
        cell.outputs = passed if fell else [failure(TAMPERED, SAYS)]


def _is_error(output: NotebookNode) -> bool:
    return output.output_type == "error"
