"""Runs the teacher's tests in a clean process of their own, with proxies for what the student wrote.

The tests are ordinary cells: they run the same in a student's kernel, in `nbgrader validate` and here. Only the names
that neither the tests nor the teacher's set-up cells bind come from the student.
"""

import builtins
import os
import resource
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from hipkit.grading.answers import GRACE_SECONDS, Answers, StudentGone
from hipkit.grading.boundary import receive, send
from hipkit.grading.cells import SEED, Output, error_output, run_cell
from hipkit.grading.fork_server import Fork
from hipkit.grading.names import bound, definitions, used

INTERRUPT, GONE = "interrupt", "gone"
MOST_MEMORY = 2 * 1024**3
SETUP_FAILED = "The assignment's own set-up failed ({}), which is no fault of yours. Tell your teacher."
UNREADABLE = (
    "Your {!r} is of a kind that the tests cannot read. Use numbers, text, lists, dictionaries, arrays or tables."
)
# What a process for tests needs in nearly every course: loaded once, so that each process has it at once.
PRELOAD = ("numpy", "pandas", "hipkit.teaching")
ENTRY = "hipkit.grading.trusted_tests:hold"


@dataclass(frozen=True)
class Paper:
    """What is held against a student's answers.

    Attributes:
        setup: the teacher's locked cells that are no tests (imports, data), in order.
        tests: the test cells, in order.
        seconds: what the student's code may take for one test cell.
        total_seconds: what all tests together may take; those that it is too late for are not held.
        first: the number of the test to begin with; of those before it only imports and definitions are run.
        seed: fixes `hipkit.teaching.fresh_rng`; None draws new data.
    """

    setup: list[str]
    tests: list[str]
    seconds: float
    total_seconds: float
    first: int = 0
    seed: int | None = None

    def names(self, given: Iterable[str]) -> set[str]:
        """The names that the tests use and that must come from the student.

        Args:
            given: those that the set-up has bound.
        """
        # Also what only an earlier test binds: else a student whose process ends in that test could provide it.
        return used(self.tests) - bound(self.tests) - set(given) - set(dir(builtins))


def as_points(value: object) -> str:
    """The value that a test ends with as nbgrader reads it: a plain number, also where a student's array is in it."""
    item = getattr(value, "item", None)
    return repr(item() if item is not None and getattr(value, "size", 0) == 1 else value)


class Sitting:
    """A process that holds one paper against the student who calls at a Unix socket; use it in a `with` block.

    Args:
        paper: the tests.
        address: where the student's process shall call; no file may be there yet.
        folder: where the tests run.
    """

    def __init__(self, paper: Paper, address: Path, folder: Path) -> None:
        self._paper = paper
        self._fork = Fork(ENTRY, PRELOAD)
        send(self._fork.line, {"paper": asdict(paper), "address": str(address), "folder": str(folder)})
        self._fork.receive()  # the student's socket is there

    def __enter__(self) -> "Sitting":
        return self

    def outcome(self, interrupt: Callable[[], None]) -> list[list[Output]]:
        """Wait for the end; the outputs of each test cell that was reached.

        The tests end early where the student's process is gone, or their own: another one may answer the rest.

        `interrupt` is called when the student's code has taken too long, and must stop it as Ctrl-C does.
        """
        # The student's code has its seconds, and is then stopped; what a test does with the answers has as many.
        patience = 2 * self._paper.seconds + GRACE_SECONDS
        found: list[list[Output]] = []
        while len(found) < len(self._paper.tests) - self._paper.first:
            try:
                told = self._fork.receive(time.monotonic() + patience)
            except (EOFError, TimeoutError) as error:
                how = "ended" if isinstance(error, EOFError) else "did not come to an end"
                return [*found, [error_output("TestsEnded", f"The tests' own process {how} in this test.")]]
            if told == INTERRUPT:
                interrupt()
                send(self._fork.line, INTERRUPT)
            elif told == GONE:
                break
            else:
                found.append(told)
        return found

    def __exit__(self, *raised: object) -> None:
        self._fork.end()


def hold(number: int) -> None:
    """In the tests' process: hold the paper that comes over the socket `number`, and tell there what came out."""
    with socket.socket(fileno=number) as results:
        send(results, os.getpid())
        order = receive(results)
        threading.Thread(target=_end_with, args=(results,), daemon=True).start()
        paper, address = Paper(**order["paper"]), Path(order["address"])
        # What a student's code returns may be made into more than it is.
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        os.chdir(order["folder"])
        if paper.seed is not None:
            os.environ[SEED] = str(paper.seed)
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(address))
            address.chmod(0o666)  # the student's process is another user's
            door.listen(1)
            send(results, "open")
            _hold(paper, door, results)


def _end_with(results: socket.socket) -> None:
    """End this process, in whatever it is doing, when nobody wants to know its results any more."""
    ended = select.poll()
    ended.register(results, 0)
    ended.poll()
    os._exit(1)


def _interrupt(results: socket.socket) -> None:
    """Have the student's code interrupted, and wait until that is done: late, it would meet the next test."""
    send(results, INTERRUPT)
    receive(results)


def _hold(paper: Paper, door: socket.socket, results: socket.socket) -> None:
    ends = time.monotonic() + paper.total_seconds
    namespace: dict[str, object] = {"__name__": "__main__"}
    outputs = [one for number, cell in enumerate(paper.setup) for one in run_cell(cell, f"<setup {number}>", namespace)]
    trouble = next((one for one in outputs if one["output_type"] == "error"), None)
    failed = None if trouble is None else error_output("SetupFailed", SETUP_FAILED.format(trouble["ename"]))
    unreadable: set[str] = set()
    try:
        door.settimeout(paper.seconds)
        line, _ = door.accept()
        answers = Answers(line, paper.seconds, lambda: _interrupt(results))
        found, unreadable = answers.namespace(paper.names(namespace))
        namespace.update(found)
    except (TimeoutError, StudentGone) as error:
        failed = failed or error_output("NoAnswer", f"Your code could not be asked: {error}")
    for number, test in enumerate(paper.tests[: paper.first]):
        run_cell(definitions(test), f"<test {number}, again>", namespace)
    for number, test in enumerate(paper.tests[paper.first :], start=paper.first):
        left = ends - time.monotonic()
        if failed is not None:
            send(results, [failed])
        elif hidden := sorted(unreadable & used([test])):
            send(results, [error_output("NoAnswer", UNREADABLE.format(hidden[0]))])
        elif left <= 0:
            send(results, [error_output("NotRun", "All of the time was used up; this test was not run.")])
        else:
            answers.start_cell(min(paper.seconds, left))
            send(results, run_cell(test, f"<test {number}>", namespace, as_points))
            if answers.gone:
                send(results, GONE)
                return
