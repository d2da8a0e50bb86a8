"""Runs the teacher's tests in a clean process of their own, with proxies for what the student wrote.

The tests are ordinary cells: they run the same in a student's kernel, in `nbgrader validate` and here. Only the names
that neither the tests nor the teacher's set-up cells bind come from the student.
"""

import ast
import builtins
import contextlib
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from hipkit.grading.answers import Answers, StudentGone
from hipkit.grading.boundary import receive, send
from hipkit.grading.cells import SEED, Output, run_cell
from hipkit.grading.fork_server import Fork

INTERRUPT = "interrupt"
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
        seed: fixes `hipkit.teaching.fresh_rng`; None draws new data.
    """

    setup: list[str]
    tests: list[str]
    seconds: float
    seed: int | None = None

    def names(self) -> set[str]:
        """The names that the tests use and that must come from the student."""
        used, bound = _names(self.tests)
        _, given = _names(self.setup)
        return used - bound - given - set(dir(builtins))


def _names(cells: Iterable[str]) -> tuple[set[str], set[str]]:
    """The names that cells read, and those that they bind anywhere."""
    used: set[str] = set()
    bound: set[str] = set()
    for source in cells:
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Name(id=name, ctx=ast.Load()):
                    used.add(name)
                case ast.Name(id=name):
                    bound.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                    bound.add(name)
                case ast.arg(arg=name):
                    bound.add(name)
                case ast.alias(name=name, asname=other):
                    bound.add(other or name.partition(".")[0])
    return used, bound


def as_points(value: object) -> str:
    """The value that a test ends with as nbgrader reads it: a plain number, also where a student's array is in it."""
    item = getattr(value, "item", None)
    return repr(item() if item is not None and getattr(value, "size", 0) == 1 else value)


class Sitting:
    """A process that holds one paper against the student who calls at a Unix socket; use it in a `with` block.

    Args:
        paper: the tests.
        address: where the student's process shall call; no file may be there yet.
    """

    def __init__(self, paper: Paper, address: Path) -> None:
        self._paper = paper
        self._fork = Fork(ENTRY, PRELOAD)
        send(self._fork.line, {"paper": asdict(paper), "address": str(address)})
        self._fork.receive()  # the student's socket is there

    def __enter__(self) -> "Sitting":
        return self

    def outcome(self, interrupt: Callable[[], None]) -> list[list[Output]]:
        """Wait for the end; the outputs of each test cell that was reached.

        The tests end early where the student's process is gone: another one may answer the rest.

        `interrupt` is called when the student's code has taken too long, and must stop it as Ctrl-C does.
        """
        found: list[list[Output]] = []
        with contextlib.suppress(EOFError):
            while len(found) < len(self._paper.tests):
                if (told := self._fork.receive()) == INTERRUPT:
                    interrupt()
                    send(self._fork.line, INTERRUPT)
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
        paper, address = Paper(**order["paper"]), Path(order["address"])
        os.chdir(address.parent)
        if paper.seed is not None:
            os.environ[SEED] = str(paper.seed)
        namespace: dict[str, object] = {"__name__": "__main__"}
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(address))
            address.chmod(0o666)  # the student's process is another user's
            door.listen(1)
            send(results, "open")
            _hold(paper, door, namespace, results)


def _interrupt(results: socket.socket) -> None:
    """Have the student's code interrupted, and wait until that is done: late, it would meet the next test."""
    send(results, INTERRUPT)
    receive(results)


def _hold(paper: Paper, door: socket.socket, namespace: dict[str, object], results: socket.socket) -> None:
    trouble = [
        output for number, cell in enumerate(paper.setup) for output in run_cell(cell, f"<setup {number}>", namespace)
    ]
    failed = next((output for output in trouble if output["output_type"] == "error"), None)
    answers = None
    try:
        door.settimeout(paper.seconds)
        line, _ = door.accept()
        answers = Answers(line, paper.seconds, lambda: _interrupt(results))
        namespace.update(answers.namespace(paper.names()))
    except (TimeoutError, StudentGone) as error:
        failed = {"output_type": "error", "ename": "NoAnswer", "evalue": f"Your code could not be asked: {error}"}
    for number, test in enumerate(paper.tests):
        if failed is not None or answers is None:
            send(results, [failed])
            continue
        answers.start_cell()
        send(results, run_cell(test, f"<test {number}>", namespace, as_points))
        if answers.gone:
            return
