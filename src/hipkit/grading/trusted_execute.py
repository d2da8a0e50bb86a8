"""Runs a submission so that the tests stand outside the student's kernel.

The student's cells run in the kernel as always, with their outputs. The test cells do not: when the last cell has run,
a clean process runs them and asks the kernel for what the student's functions return (`trusted_tests`). Whatever a
student does to Python in the kernel, the tests, their results and their text are not there.
"""

import contextlib
import queue
import tempfile
from pathlib import Path

from nbclient.util import run_sync
from nbformat import NotebookNode
from traitlets import Integer

from hipkit.grading.execute import ContainedExecute, complete, failure
from hipkit.grading.roles import is_setup, is_test
from hipkit.grading.trusted_tests import Paper, Sitting

LEAVE_SECONDS = 2
ASK = "import hipkit.grading.student_side as _student_side; _student_side.serve({address!r}, globals())"
ENDED = "The tests' own process ended in this test."


class TrustedExecute(ContainedExecute):
    """nbgrader's Execute with the tests on the teacher's side.

    A cell is a test when nbgrader grades it and the student does not write it; the other cells that the student cannot
    change are set-up, which runs on both sides.
    """

    seed = Integer(None, allow_none=True, help="Seed of the tests' fresh data; none draws new data each time.").tag(
        config=True
    )

    def take_cell(self, index: int, cell: NotebookNode) -> None:
        """Run a cell, unless it is a test."""
        if not is_test(cell):
            self.run(index, cell)

    def finish(self) -> None:
        """Hold the tests; where the student's code breaks its kernel in one, the rest is held against a new one."""
        left = [cell for cell in self.nb.cells if is_test(cell)]
        while left:
            if not self.usable:
                for cell in left:
                    cell.outputs = [failure("NoAnswer", self.why_unusable())]
                return
            held = self._sit([cell.source for cell in left]) or [[failure("TestsEnded", ENDED)]]
            for cell, outputs in zip(left, held, strict=False):
                cell.outputs = [NotebookNode(complete(output)) for output in map(_with_points, outputs)]
            left = left[len(held) :]
            if left:
                self.restart()

    def _sit(self, tests: list[str]) -> list[list[dict]]:
        """Hold tests against the kernel; the outputs of those that were reached."""
        setup = [cell.source for cell in self.nb.cells if is_setup(cell)]
        paper = Paper(setup, tests, float(self._get_timeout(None)), self.seed)
        with contextlib.ExitStack() as opened:
            room = getattr(self.km.provisioner, "room", None)
            if room is None:
                folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="hipkit-")))
            else:
                folder = room.shared
            address = folder / f"tests-{len(tests)}"
            sitting = opened.enter_context(Sitting(paper, address))
            self.kc.execute(ASK.format(address=str(address)), silent=True, store_history=False)
            held = sitting.outcome(lambda: run_sync(self.km.interrupt_kernel)())
        # The line is closed, and the kernel's answer says that it is done; one that hangs is killed later.
        if len(held) == len(tests):
            with contextlib.suppress(queue.Empty):
                run_sync(self.kc.shell_channel.get_msg)(timeout=LEAVE_SECONDS)
        return held


def _with_points(output: dict) -> dict:
    """An output; a value that is no number is an error, where nbgrader would take it for full marks."""
    if output["output_type"] == "execute_result":
        try:
            float(output["data"]["text/plain"])
        except ValueError:
            return {"output_type": "error", "ename": "NoPoints", "evalue": "The test did not end with a number."}
    return output
