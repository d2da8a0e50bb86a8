"""Runs a submission so that the tests stand outside the student's kernel.

The student's cells run in the kernel as always, with their outputs. The test cells do not: when the last cell has run,
a clean process runs them and asks the kernel for what the student's functions return (`trusted_tests`). Whatever a
student does to Python in the kernel, the tests, their results and their text are not there.
"""

import contextlib
import queue
import tempfile
import time
from pathlib import Path

from nbclient.util import run_sync
from nbformat import NotebookNode
from traitlets import Integer

from hipkit.grading.answers import RAISED
from hipkit.grading.cells import are_points, error_output
from hipkit.grading.execute import ContainedExecute, complete, failure
from hipkit.grading.files import write_files
from hipkit.grading.roles import is_setup, is_test
from hipkit.grading.said import OURS, Author
from hipkit.grading.trusted_tests import Paper, Sitting

LEAVE_SECONDS = 2
ASK = "import hipkit.grading.student_side as _student_side; _student_side.serve({address!r}, globals())"
# Errors whose text Python makes of the names of types and variables.
OF_NAMES = {"AttributeError", "IndexError", "NameError", "TypeError", "UnboundLocalError", "ZeroDivisionError"}
QUOTES = "The test could not use what your code returned."


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
        tests = [cell for cell in self.nb.cells if is_test(cell)]
        done = 0
        while done < len(tests):
            if not self.usable:
                for cell in tests[done:]:
                    cell.outputs = [failure("NoAnswer", self.why_unusable())]
                return
            held = self._sit([cell.source for cell in tests], done)
            for cell, outputs in zip(tests[done:], held, strict=False):
                cell.outputs = [NotebookNode(complete(shown(output, cell.source))) for output in outputs]
            done += len(held)
            if done < len(tests):
                self.restart()

    def _sit(self, tests: list[str], first: int) -> list[list[dict]]:
        """Hold tests against the kernel, from the one with this number on; the outputs of those that were reached."""
        setup = [cell.source for cell in self.nb.cells if is_setup(cell)]
        left = max(1.0, self._deadline - time.monotonic())
        paper = Paper(setup, tests, float(self._get_timeout(None)), left, first, self.seed)
        # What the student's code sends besides its answers, nobody reads.
        self.kc.iopub_channel.stop()
        with tempfile.TemporaryDirectory(prefix="hipkit-") as folder:
            write_files(Path(folder), self.beside)
            room = getattr(self.km.provisioner, "room", None)
            address = (Path(folder) if room is None else room.shared) / f"tests-{first}"
            with Sitting(paper, address, Path(folder)) as sitting:
                self.kc.execute(ASK.format(address=str(address)), silent=True, store_history=False)
                held = sitting.outcome(lambda: run_sync(self.km.interrupt_kernel)())
        # The line is closed, and the kernel's answer says that it is done; one that hangs is killed later.
        if first + len(held) == len(tests):
            with contextlib.suppress(queue.Empty):
                run_sync(self.kc.shell_channel.get_msg)(timeout=LEAVE_SECONDS)
        return held


def shown(output: dict, test: str) -> dict:
    """A test's output as students may see it.

    An error that the test raised over what the student's code returned may quote it, and with it what a hidden test
    asked; so the text stays only where the test's author wrote it, or where Python speaks of types and names alone. A
    value that is no number of points is an error, where nbgrader would take it for full marks.
    """
    if output["output_type"] == "execute_result":
        if are_points(output["data"]["text/plain"]):
            return output
        return error_output("NoPoints", "The test did not end with a number of points.")
    if output["output_type"] != "error" or output["ename"] in {*OURS, *OF_NAMES}:
        return output
    said = output["evalue"]
    return output if said in ("", RAISED) or Author(test).wrote(said) else output | {"evalue": QUOTES}
