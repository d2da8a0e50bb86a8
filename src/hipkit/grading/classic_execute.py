"""Runs a submission with its tests in the student's kernel, as nbgrader does, and looks whether they can still fail.

For courses whose tests cannot stand outside, because they look at the kernel itself. A kernel that a student has
tampered with may pass every test; it then also passes one that must fail.
"""

import secrets

from jupyter_client.manager import KernelManager
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets import List

from hipkit.grading.execute import ContainedExecute, failure
from hipkit.grading.roles import is_test

TAMPERED = "Tampered"
SAYS = "A test that must fail did not. A person looks at this submission."
UNSURE = (
    "The test {!r} was passed, but run once more with an assertion that cannot hold it ended otherwise. It may be one "
    "that cannot run twice."
)


class ClassicExecute(ContainedExecute):
    """nbgrader's Execute, contained, with a canary behind each test that was passed.

    The canary is the same test with an assertion at its end that cannot hold, under a name that is drawn anew. It must
    end in that assertion's error, word for word. Where it ends in none, the test gives no points and says so. Where it
    ends in another, the test may be one that cannot run twice: that is one of the `suspicions`, and takes no points.

    This finds tricks that silence tests. It does not find who has read these lines: whatever a canary looks like, code
    in the student's kernel can tell it from the test that ran before, and have only the canary fail. The kernel also
    holds the text of every test that has run, if no longer in `In`. It is not told the seed of the tests' data: those
    that `hipkit.teaching.fresh_rng` draws are drawn anew at each grading, and for the canary.
    """

    suspicions = List()

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: KernelManager | None = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run the cells; afterwards `suspicions` are this submission's."""
        self.suspicions = []
        return super().preprocess(nb, resources, km)

    def take_cell(self, index: int, cell: NotebookNode) -> None:
        """Run a cell; a test that was passed runs again, and must fail."""
        self.run(index, cell)
        if not is_test(cell) or index in self._breaking or _errors(cell):
            return
        passed, nonce = list(cell.outputs), secrets.token_hex(16)
        canary = NotebookNode(cell, source=f"{cell.source}\nassert {nonce!r} == {nonce[::-1]!r}, {nonce!r}", outputs=[])
        self.run(index, canary)
        self.nb.cells[index] = cell
        errors = _errors(canary)
        cell.outputs = passed if errors else [failure(TAMPERED, SAYS)]
        if errors and ("AssertionError", nonce) not in errors:
            self.suspicions.append(UNSURE.format(cell.metadata.nbgrader.grade_id))
            self.log.warning(self.suspicions[-1])

    def execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> NotebookNode:
        """Run a cell; a test is not kept in the kernel's history, where any later cell could print it."""
        return super().execute_cell(cell, cell_index, execution_count, store_history and not is_test(cell))


def _errors(cell: NotebookNode) -> list[tuple[str, str]]:
    return [(output.ename, output.evalue) for output in cell.outputs if output.output_type == "error"]
