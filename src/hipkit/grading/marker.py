"""The near end of a process that grades (`marker_process`): orders go to it, one at a time, and answers come back.

Each grading runs in such a process, so that what goes wrong in one, or in a library under it, ends that one and not the
class. It is started afresh where it has ended. Orders and answers are pickles between two processes of the teacher's;
nothing in them was made by a student's code but strings and bytes.
"""

import pickle
import select
import socket
import struct
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config

from hipkit.errors import KitError
from hipkit.grading import provisioner, trusted_tests
from hipkit.grading.boundary import exactly
from hipkit.grading.execute import ContainedExecute
from hipkit.grading.fork_server import Fork, line_to
from hipkit.grading.marking import Job, steps

ENTRY = "hipkit.grading.marker_process:serve"
# Beyond what a submission may take: to grade, each part of the work is bounded, so this is for faults.
GRACE_SECONDS = 300


@dataclass(frozen=True)
class Assignment:
    """What is needed to grade submissions of one assignment, wherever that is done.

    Attributes:
        slug: the assignment.
        master: the teacher's notebook.
        imports: the modules that its code imports.
        beside: path -> content of what stands beside it.
        config: the course's settings.
        contained: whether students' code runs in a room.
    """

    slug: str
    master: NotebookNode
    imports: tuple[str, ...]
    beside: dict[str, bytes]
    config: Config
    contained: bool


@dataclass(frozen=True)
class Failure:
    """What is answered where an order could not be carried out."""

    traceback: str


class Marker:
    """A grading process for one assignment; used by one thread at a time."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._fork: Fork | None = None
        self._can_grade = False
        bounds = [step.total_seconds for step in steps(assignment.config) if isinstance(step, ContainedExecute)]
        self._patience = max(bounds, default=ContainedExecute.total_seconds.default_value) + GRACE_SECONDS

    def ask(self, order: Any) -> Any:
        """Grade a `Job`, or render a feedback `Page`.

        Raises:
            KitError: the process ended twice over this order, took too long, or the order failed there.
        """
        for _ in range(2):
            try:
                if self._fork is None or (isinstance(order, Job) and not self._can_grade):
                    self.end()
                    self._start(isinstance(order, Job))
                write(self._fork.line, order)
                if not select.select([self._fork.line], [], [], self._patience)[0]:
                    self.end()
                    raise KitError(f"Grading did not come to an end in {self._patience} seconds.")
                answer = read(self._fork.line)
                break
            except (EOFError, OSError):
                self.end()
        else:
            raise KitError("The process that graded it ended twice. Most often memory is short: close other programs.")
        if isinstance(answer, Failure):
            raise KitError(f"Grading failed, which is a fault of the kit or of the assignment:\n{answer.traceback}")
        return answer

    def _start(self, can_grade: bool) -> None:
        self._can_grade = can_grade
        # Pages alone need neither kernels nor tests.
        lines = [line.fileno() for line in self._servers()] if can_grade else []
        self._fork = Fork(ENTRY, (), *lines)
        write(self._fork.line, self._assignment)

    def _servers(self) -> list[socket.socket]:
        # Both fork servers of this process serve all its markers, with what the assignment needs loaded.
        needed = self._assignment.imports
        kernels = line_to(provisioner.ENTRY, (*provisioner.PRELOAD, *needed))
        tests = line_to(trusted_tests.ENTRY, (*trusted_tests.PRELOAD, *needed))
        return [kernels, tests]

    def end(self) -> None:
        """End the process, in whatever it is doing."""
        if self._fork is not None:
            self._fork.end()
            self._fork = None


def write(line: socket.socket, value: Any) -> None:
    """Send one value."""
    data = pickle.dumps(value)
    line.sendall(struct.pack(">Q", len(data)) + data)


def read(line: socket.socket) -> Any:
    """Receive one value; EOFError where the other side is gone."""
    (length,) = struct.unpack(">Q", exactly(line, 8))
    return pickle.loads(exactly(line, length))
