"""Runs the cells of a submission in a kernel that is contained, bounded, and replaced when it breaks.

nbgrader's step `Execute`, hardened. What comes from the kernel is a stranger's: how much of it, and whether it ends,
is bounded here. A cell that breaks the kernel gives no points; the others are run again in a new one.
"""

import asyncio
import time
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Integer

from hipkit.grading.cells import error_output
from hipkit.grading.master import files_beside
from hipkit.grading.roles import is_test
from hipkit.grading.sandbox import unavailable

MEBIBYTE = 1024 * 1024
AN_OUTPUT = 2048  # bytes that an output takes, however little is in it
MOST_WAITING = 2  # messages on a line on which one answer is due at a time
MOST_COUNT = 1_000_000  # of executions
# What pages show of an output. Others, such as widgets, are for programs that talk to the kernel.
SHOWN = {
    "application/pdf",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "text/html",
    "text/latex",
    "text/markdown",
    "text/plain",
}
BROKEN = "This cell broke the Python process that it ran in{why}."


class ContainedExecute(Execute):
    """nbgrader's Execute in a room of its own (`sandbox`), with bounds.

    Subclasses say in `take_cell` which cells run here, and in `finish` what happens to the others.
    """

    contained = Bool(
        None,
        allow_none=True,
        help="Run students' code in a room. None: where the machine can, with a warning where it cannot.",
    ).tag(config=True)
    total_seconds = Integer(600, help="Seconds for all cells of a submission together.").tag(config=True)
    most_output = Integer(5 * MEBIBYTE, help="Bytes that one cell may put out.").tag(config=True)
    most_kernels = Integer(4, help="How often a submission may break its kernel before the rest is left.").tag(
        config=True
    )
    files = Dict(help="Path -> content of what the student has beside the notebook.")
    teachers_files = Dict(
        default_value=None,
        allow_none=True,
        help="The same of the teacher's, in its place where both have it. None: of the course in the working folder.",
    )

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: KernelManager | None = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run the cells; every code cell comes back with outputs, whatever the kernel did."""
        NotebookClient.__init__(self, nb, km)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self.beside = self.teachers_files
        if self.beside is None:
            self.beside = files_beside(resources["nbgrader"]["assignment"], Path.cwd())
        self.store_widget_state = False
        self.record_timing = False  # the same submission gives the same bytes
        self._deadline = time.monotonic() + self.total_seconds
        self._kernels = 0
        self._breaking: dict[int, str] = {}  # number of a cell that broke the kernel -> how
        try:
            self._open_kernel()
            for index, cell in enumerate(self.nb.cells):
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
                    self.take_cell(index, cell)
            self.finish()
        finally:
            self._close_kernel()
        for cell in self.nb.cells:
            if is_test(cell):
                cell.outputs = errors_first(cell.outputs)
        return self.nb, self.resources

    def take_cell(self, index: int, cell: NotebookNode) -> None:
        """Do what is to be done with one code cell: here, run it."""
        self.run(index, cell)

    def finish(self) -> None:
        """What happens after the last cell, while the kernel is still there."""

    def run(self, index: int, cell: NotebookNode) -> None:
        """Run one cell; if it breaks the kernel, say so in its outputs and run what was before it in a new one."""
        if not self.usable:
            cell.outputs = [failure("NotRun", self.why_unusable())]
            return
        self._written = 0
        try:
            self.execute_cell(cell, index, store_history=True)
        # Whatever a broken or hostile kernel makes Jupyter's client raise, it is this cell's doing.
        except Exception as error:
            self._breaking[index] = self._reason(error)
            self.log.warning("Cell %d broke its kernel: %s", index, self._breaking[index])
            del cell.outputs[:]
            self.restart()
        else:
            if self._written > self.most_output:
                self._breaking[index] = self._reason(None)
                self.restart()
        if index in self._breaking:
            cell.outputs = [failure("KernelBroken", BROKEN.format(why=self._breaking[index]))]

    def restart(self) -> None:
        """Put a new kernel in the place of a broken one, and run in it again what ran before."""
        self._close_kernel()
        if not self.usable:
            return
        self._open_kernel()
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code" or index in self._breaking or not self.has_run(cell):
                continue
            # What it puts out has been kept the first time.
            try:
                self._written = 0
                self.execute_cell(NotebookNode(cell, outputs=[]), index, store_history=True)
            except Exception as error:
                self._breaking[index] = self._reason(error)
                return self.restart()
            finally:
                self.nb.cells[index] = cell

    def has_run(self, cell: NotebookNode) -> bool:
        """Whether a cell has run in the kernel that is gone."""
        return cell.execution_count is not None

    @property
    def usable(self) -> bool:
        """Whether more code of this submission may run."""
        return time.monotonic() < self._deadline and (self.kc is not None or self._kernels < self.most_kernels)

    def why_unusable(self) -> str:
        if time.monotonic() >= self._deadline:
            return f"All cells together took longer than {self.total_seconds} seconds; this one was not run."
        return f"Your code broke {self.most_kernels} Python processes; this cell was not run in another."

    def _get_timeout(self, cell: NotebookNode | None) -> int:
        left = max(1, int(self._deadline - time.monotonic()))
        return min(self.timeout or left, left)

    def _open_kernel(self) -> None:
        self._kernels += 1
        self.km = self.create_kernel_manager()
        # A message that is longer is not received, and the sender cut off.
        self.km.context.maxmsgsize = 4 * self.most_output
        if self._contained():
            from hipkit.grading.provisioner import RoomProvisioner

            kernel = {"kernel_id": self.km.kernel_id, "kernel_spec": self.km.kernel_spec}
            provisioner = RoomProvisioner(**kernel, parent=self.km)
            provisioner.files = {**self.files, **self.beside}
            self.km.provisioner = provisioner
        self.start_new_kernel()
        self.start_new_kernel_client()
        # Nobody reads here while other messages are read: what a stranger sends must not pile up in our memory.
        for channel in (self.kc.shell_channel, self.kc.stdin_channel, self.kc.control_channel):
            channel.socket.set(zmq.RCVHWM, MOST_WAITING)

    def _contained(self) -> bool:
        if self.contained is not None:
            return self.contained
        if reason := unavailable():
            self.log.warning("Students' code runs as you, uncontained. %s", reason)
        return reason is None

    def _close_kernel(self) -> None:
        if self.km is not None:
            self.shutdown_kernel = "immediate"
            self._cleanup_kernel()
        self.km = self.kc = None

    def _reason(self, error: Exception | None) -> str:
        if self._written > self.most_output:
            return f": it put out more than {self.most_output // MEBIBYTE} MB"
        room = getattr(getattr(self.km, "provisioner", None), "room", None)
        if room is not None and room.killed_for:
            return f": it took {room.killed_for}"
        if isinstance(error, CellTimeoutError):
            return ": it did not end in time and could not be interrupted"
        return ": it ended" if isinstance(error, DeadKernelError) else ""

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take a message from the kernel. What has been put out stays as it is: a change could fill many outputs."""
        content = msg["content"]
        content.pop("transient", None)
        count = content.get("execution_count")
        if count is not None and not (type(count) is int and 0 <= count <= MOST_COUNT):
            content["execution_count"] = None
        return super().process_message(msg, cell, cell_index)

    def on_cell_executed(self, **kwargs: Any) -> None:
        """Let nbgrader add the error that the kernel's answer tells of, if it can stand in a notebook."""
        content = kwargs["execute_reply"]["content"]
        self._written += _size(content)
        if content["status"] == "error":
            texts = [content["ename"], content["evalue"], *content["traceback"]]
            if not all(isinstance(text, str) for text in texts):
                raise TypeError("the kernel's answer tells of an error that is none")
        super().on_cell_executed(**kwargs)

    def output(self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Keep an output, unless the cell has put out too much; then its kernel is ended."""
        self._written += sum(_size(part) for part in msg["content"].values()) + AN_OUTPUT
        if self._written > self.most_output:
            del outs[:]
            self.log.warning("Cell %d put out too much", cell_index)
            # Jupyter's client finds it dead; killing it here would wait within the client's own loop.
            self._killing = asyncio.ensure_future(self.km.provisioner.kill())
            return None
        if isinstance(data := msg["content"].get("data"), dict):
            msg["content"]["data"] = {kind: one for kind, one in data.items() if kind in SHOWN and isinstance(one, str)}
        return super().output(outs, msg, display_id, cell_index)

    def handle_comm_msg(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        """Widgets are not for grading: what they send could write into other cells' outputs."""


def failure(name: str, text: str) -> NotebookNode:
    """An error among a cell's outputs, as a kernel would have written it."""
    return NotebookNode(complete(error_output(name, text)))


def errors_first(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """A test's outputs without the results that it put out before it failed.

    `nbgrader.utils.determine_grade` (0.9.6) takes the first result that it meets for the points and does not look on:
    a displayed value hides a later error.
    """
    failed = any(output.output_type == "error" for output in outputs)
    return [output for output in outputs if not failed or output.output_type != "execute_result"]


def complete(output: dict) -> dict:
    """What a kernel would have written besides. Of an error only its kind and message: a traceback quotes the test."""
    if output["output_type"] == "error":
        return output | {"traceback": [f"{output['ename']}: {output['evalue']}"]}
    if output["output_type"] == "execute_result":
        return output | {"metadata": {}, "execution_count": None}
    return output


def _size(part: Any) -> int:
    if isinstance(part, dict):
        return sum(map(_size, part.values()))
    if isinstance(part, list):
        return sum(map(_size, part))
    return len(part) if isinstance(part, str) else 1
