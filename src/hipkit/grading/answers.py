"""A student's functions as the tests see them: proxies that ask the student's process and get plain data back."""

import builtins
import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from hipkit.grading.boundary import BoundaryError, decode, encode, receive, send
from hipkit.grading.cells import SHOWN

Marker = dict[str, Any]
# How long interrupted code has to come to an end.
GRACE_SECONDS = 5


class AnswerError(Exception):
    """The student's code raised an error of a type that Python itself does not have."""


class StudentGone(Exception):
    """The student's process has ended or talks nonsense; the message is for the student."""


class Garbled(StudentGone):
    """What came over the line is nothing that the student's side sends by itself: somebody has written it."""


class Answers:
    """The student's process, at the other end of a socket.

    Args:
        line: the connected socket.
        seconds: what the student's code may take for one test cell; `start_cell` starts the clock.
        interrupt: called to stop the student's code when the time is over, as Ctrl-C does.
    """

    def __init__(self, line: socket.socket, seconds: float, interrupt: Callable[[], None]) -> None:
        self._line = line
        self._seconds = seconds
        self._interrupt = interrupt
        self.gone = ""  # why nothing more can be asked; empty while something can
        self._deadline = time.monotonic() + seconds
        self._shown: list[Any] = []  # functions of the tests that the student's code may call
        self._generators: dict[int, np.random.Generator] = {}

    def start_cell(self) -> None:
        """Give the next test cell its full time."""
        self._deadline = time.monotonic() + self._seconds

    def namespace(self, names: Iterable[str]) -> dict[str, Any]:
        """What stands for each of the student's names; those that the student has not defined are left out."""
        found = {}
        for name in names:
            try:
                found[name] = self._ask({"do": "get", "name": name})
            except KeyError:
                continue
        return found

    def call(self, number: int, times: int | None, args: tuple, kwargs: dict) -> Any:
        """Call the student's function `number`; with `times`, so often with the same arguments, for a list."""
        return self._ask({"do": "call", "id": number, "times": times}, list(args), kwargs)

    def attribute(self, number: int, name: str) -> Any:
        """An attribute of the student's object `number`."""
        return self._ask({"do": "attribute", "id": number, "name": name})

    def _ask(self, message: dict, args: list | None = None, kwargs: dict | None = None) -> Any:
        if self.gone:
            raise StudentGone(self.gone)
        self._generators.clear()
        order = message | {"args": self._out(args or []), "kwargs": self._out(kwargs or {})}
        try:
            send(self._line, order)
            while True:
                answer = receive(self._line, self._deadline)
                if not isinstance(answer, dict):
                    raise BoundaryError("the other side sent no message")
                if answer.get("do") != "call back":
                    break
                self._call_back(answer)
            self._keep_up(answer.get("rng", []))
            if answer.get("stderr"):
                # nbgrader gives no points where a test wrote on stderr.
                print("Your code wrote a warning or a message on stderr in this test.", file=sys.stderr)
            if "raises" in answer:
                raise _error(answer["raises"])
            return decode(answer.get("value"), self._resolve)
        except TimeoutError as error:
            self._stop()
            late = f"Your code took longer than the {self._seconds:g} seconds that it has for this test."
            raise StudentGone(late) from error
        except (EOFError, OSError) as error:
            self.gone = "Your code ended the Python process that it ran in."
            raise StudentGone(self.gone) from error
        except BoundaryError as error:
            raise Garbled(f"What your code returned cannot be read: {error}.") from error

    def _stop(self) -> None:
        """Stop what the student's code is doing; if it does not stop, nothing more is asked."""
        self._interrupt()
        deadline = time.monotonic() + GRACE_SECONDS
        try:
            # What it was asked is answered now, by the interrupt; a call back on the way there is not.
            while (answer := receive(self._line, deadline)).get("do") == "call back":
                send(self._line, {"do": "result", "raises": {"type": "TimeoutError", "text": "the time is over"}})
        except (OSError, EOFError, BoundaryError, AttributeError):
            self.gone = "Your code took too long in an earlier test and could not be stopped."
        else:
            self._keep_up(answer.get("rng", []))

    def _call_back(self, message: dict) -> None:
        try:
            args, kwargs = (decode(message[part], self._resolve) for part in ("args", "kwargs"))
            answer = {"value": self._out(self._shown[message["id"]](*args, **kwargs))}
        except StudentGone:
            raise
        except Exception as error:
            # Type and text only: a traceback would show the test.
            answer = {"raises": {"type": type(error).__name__, "text": str(error)}}
        send(self._line, {"do": "result"} | answer)

    def _keep_up(self, states: list) -> None:
        """Put the tests' generators where the student's draws have left their copies."""
        for number, state in states:
            if (generator := self._generators.get(number)) is not None:
                generator.bit_generator.state = decode(state, self._resolve)

    def _out(self, value: Any) -> Any:
        return encode(value, self._refer)

    def _refer(self, value: Any) -> Marker:
        if isinstance(value, Answer | Thing):
            return {"t": "mine", "id": value._number}
        if isinstance(value, np.random.Generator):
            self._generators[id(value)] = value
            return {"id": id(value)}
        if callable(value):
            self._shown.append(value)
            return {"t": "theirs", "id": len(self._shown) - 1}
        raise BoundaryError(f"a {type(value).__name__} cannot cross")

    def _resolve(self, marker: Marker) -> Any:
        kind, number, name = marker["t"], marker["id"], str(marker.get("name"))
        if kind == "rng":
            generator = np.random.default_rng()
            generator.bit_generator.state = decode(marker["state"], self._resolve)
            return generator
        if kind in ("class", "function"):
            return Answer(self, int(number), name)
        if kind == "object":
            return Thing(self, int(number), name)
        raise BoundaryError("the other side sent a value that is none")


class Answer:
    """A function or class of the student's, to be called."""

    def __init__(self, answers: Answers, number: int, name: str) -> None:
        self._answers, self._number, self.__name__ = answers, number, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._answers.call(self._number, None, args, kwargs)

    def __repeated__(self, times: int, args: tuple) -> list:
        """`hipkit.teaching.repeat` asks for this: many calls, one message."""
        return self._answers.call(self._number, times, args, {})

    def __repr__(self) -> str:
        return f"<the student's {self.__name__}>"


class Thing:
    """An object of the student's: its methods are called there, its data are read from there."""

    def __init__(self, answers: Answers, number: int, name: str) -> None:
        self._answers, self._number, self._type = answers, number, name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._answers.attribute(self._number, name)

    def __repr__(self) -> str:
        return f"<an object of the student's class {self._type}>"


def _error(told: Any) -> Exception:
    """The error that the student's code raised, if it is one of Python's own; else an AnswerError.

    A test may look at its text. Students do not see it: it could hold what a hidden test asked.
    """
    if not isinstance(told, dict):
        raise BoundaryError("the other side sent an error that is none")
    name, text = str(told.get("type"))[:100], str(told.get("text"))[:1000]
    kind = getattr(builtins, name, None)
    error: Exception = AnswerError(f"{name}: {text}")
    if isinstance(kind, type) and issubclass(kind, Exception) and kind not in (StopIteration, UnicodeDecodeError):
        with contextlib.suppress(TypeError):
            error = kind(text)
    setattr(error, SHOWN, "Your code raised this error in the test.")
    return error
