"""Runs a submission so that the tests stand outside the student's kernel: nbgrader's step `Execute`, replaced.

The student's cells run in the kernel as always, with their outputs. The test cells do not: when the last cell has run,
a clean process runs them and asks the kernel for what the student's functions return (`trusted_tests`). Whatever a
student does to Python in the kernel, the tests, their results and their text are not there.
"""

import contextlib
import queue
import tempfile
from pathlib import Path

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer

from hipkit.grading.roles import is_setup, is_test
from hipkit.grading.trusted_tests import Paper, Sitting

LEAVE_SECONDS = 2
ASK = "import hipkit.grading.student_side as _student_side; _student_side.serve({address!r}, globals())"


class TrustedExecute(Execute):
    """nbgrader's Execute with the tests on the teacher's side.

    A cell is a test when nbgrader grades it and the student does not write it; the other cells that the student cannot
    change are set-up, which runs on both sides.
    """

    seed = Integer(None, allow_none=True, help="Seed of the tests' fresh data; none draws new data each time.").tag(
        config=True
    )

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run a cell of the student's; after the last cell, hold the tests."""
        if index == 0:
            self._lost = False
        if is_test(cell) or self._lost:
            cell.outputs, cell.execution_count = [], None
        else:
            try:
                cell, resources = super().preprocess_cell(cell, resources, index)
            except (CellTimeoutError, DeadKernelError) as error:
                # The kernel is gone, or so broken that it does not even say how the cell ended.
                self._lost = True
                cell.outputs = [_failure(type(error).__name__, "This cell broke the Python process that it ran in.")]
        if index == len(self.nb.cells) - 1:
            self.nb.cells[index] = cell
            self._hold_tests()
            cell = self.nb.cells[index]
        return cell, resources

    def _hold_tests(self) -> None:
        tests = [cell for cell in self.nb.cells if is_test(cell)]
        setup = [cell.source for cell in self.nb.cells if is_setup(cell)]
        if self._lost:
            lost = "An earlier cell broke the Python process, so that your functions could not be called."
            for cell in tests:
                cell.outputs = [_failure("NoAnswer", lost)]
            return
        if not tests:
            return
        paper = Paper(setup, [cell.source for cell in tests], float(self.timeout or 120), self.seed)
        with tempfile.TemporaryDirectory(prefix="hipkit-") as private:
            # The student's process runs as another user: it may enter the folder and nothing more.
            Path(private).chmod(0o711)
            with Sitting(paper, Path(private) / "tests") as sitting:
                self.kc.execute(ASK.format(address=f"{private}/tests"), silent=True, store_history=False)
                outcome = sitting.outcome(lambda: run_sync(self.km.interrupt_kernel)())
            # The line is closed, and the kernel's answer says that it is done; one that hangs is killed later.
            with contextlib.suppress(queue.Empty):
                run_sync(self.kc.shell_channel.get_msg)(timeout=LEAVE_SECONDS)
        for cell, outputs in zip(tests, outcome, strict=True):
            cell.outputs = [NotebookNode(_complete(output)) for output in outputs]


def _failure(name: str, text: str) -> NotebookNode:
    return NotebookNode(_complete({"output_type": "error", "ename": name, "evalue": text}))


def _complete(output: dict) -> dict:
    """What a kernel would have written besides. Of an error only its kind and message: a traceback quotes the test."""
    if output["output_type"] == "error":
        return output | {"traceback": [f"{output['ename']}: {output['evalue']}"]}
    if output["output_type"] == "execute_result":
        return output | {"metadata": {}, "execution_count": None}
    return output
