"""A student's functions as the tests see them: proxies that ask the student's process and get plain data back."""

import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from hipkit.grading.boundary import BoundaryError, Generators, decode, encode, receive, send, tell, told
from hipkit.grading.cells import SHOWN

Marker = dict[str, Any]
# What a student is told of an error in the own code.
RAISED = "Your code raised this error in the test."
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
        seconds: what the student's code may take to hand over its names; `start_cell` gives time for each test.
        interrupt: called to stop the student's code when the time is over, as Ctrl-C does.
    """

    def __init__(self, line: socket.socket, seconds: float, interrupt: Callable[[], None]) -> None:
        self._line = line
        self._seconds = seconds
        self._interrupt = interrupt
        self.gone = ""  # why nothing more can be asked; empty while something can
        self._deadline = time.monotonic() + seconds
        self._shown: list[Any] = []  # functions of the tests that the student's code may call
        self._generators = Generators()  # of the tests, that the student's code holds copies of
        self._calls_back = 0  # how many of them the student's code waits for

    def start_cell(self, seconds: float) -> None:
        """Give the student's code so many seconds for the next test cell."""
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds

    def namespace(self, names: Iterable[str]) -> tuple[dict[str, Any], set[str]]:
        """What stands for each of the student's names, and those that cannot cross.

        Those that the student has not defined are left out.
        """
        found, unreadable = {}, set()
        for name in names:
            try:
                found[name] = self._ask({"do": "get", "name": name})
            except KeyError:
                continue
            except StudentGone:
                if self.gone:
                    raise
                unreadable.add(name)
            except Exception:
                unreadable.add(name)
        return found, unreadable

    def call(self, number: int, times: int | None, args: tuple, kwargs: dict) -> Any:
        """Call the student's function `number`; with `times`, so often with the same arguments, for a list."""
        found = self._ask({"do": "call", "id": number, "times": times}, list(args), kwargs)
        if times is not None and (type(found) is not list or len(found) != times):
            raise Garbled(f"Your code was called {times} times and gave another number of answers.")
        return found

    def attribute(self, number: int, name: str) -> Any:
        """An attribute of the student's object `number`."""
        return self._ask({"do": "attribute", "id": number, "name": name})

    def following(self, number: int) -> list:
        """What the student's iterator `number` gives next, as a list of one; empty at its end."""
        return self._ask({"do": "next", "id": number})

    def _ask(self, message: dict, args: list | None = None, kwargs: dict | None = None) -> Any:
        if self.gone:
            raise StudentGone(self.gone)
        if not self._calls_back:
            self._generators.clear()
        states = self._generators.states()
        order = message | {"rng": states, "args": self._out(args or []), "kwargs": self._out(kwargs or {})}
        try:
            answer = self._exchange(order)
            error = _error(answer["raises"]) if "raises" in answer else None
            value = None if error is not None else decode(answer.get("value"), self._resolve)
        except TimeoutError as error:
            self._stop()
            late = f"Your code took longer than the {round(self._seconds, 1):g} seconds that it has for this test."
            raise StudentGone(late) from error
        except (EOFError, OSError) as error:
            self.gone = "Your code ended the Python process that it ran in."
            raise StudentGone(self.gone) from error
        except BoundaryError as error:
            raise Garbled(f"What your code returned cannot be read: {error}.") from error
        if answer.get("stderr"):
            # nbgrader gives no points where a test wrote on stderr.
            print("Your code wrote a warning or a message on stderr in this test.", file=sys.stderr)
        if error is not None:
            raise error
        return value

    def _exchange(self, order: dict) -> dict:
        """Send an order; the answer to it, when the student's code has made its calls back."""
        send(self._line, order)
        while True:
            answer = receive(self._line, self._deadline)
            if not isinstance(answer, dict):
                raise BoundaryError("the other side sent no message")
            self._generators.follow(answer.get("rng", []))
            if answer.get("do") != "call back":
                return answer
            self._call_back(answer)

    def _stop(self) -> None:
        """Stop what the student's code is doing; if it does not stop, nothing more is asked."""
        self._interrupt()
        deadline = time.monotonic() + GRACE_SECONDS
        try:
            # What it was asked is answered now, by the interrupt; a call back on the way there is not.
            while (answer := receive(self._line, deadline)).get("do") == "call back":
                send(self._line, {"do": "result", "rng": [], "raises": tell(TimeoutError("the time is over"))})
        except (OSError, EOFError, BoundaryError, AttributeError):
            self.gone = "Your code took too long in an earlier test and could not be stopped."
        else:
            self._generators.follow(answer.get("rng", []))

    def _call_back(self, message: dict) -> None:
        self._calls_back += 1
        try:
            args, kwargs = (decode(message[part], self._resolve) for part in ("args", "kwargs"))
            answer = {"value": self._out(self._shown[message["id"]](*args, **kwargs))}
        except StudentGone:
            raise
        except Exception as error:
            # Types and text only: a traceback would show the test.
            answer = {"raises": tell(error)}
        finally:
            self._calls_back -= 1
        send(self._line, {"do": "result", "rng": self._generators.states()} | answer)

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
            generator = self._generators.get(number) or np.random.default_rng()
            generator.bit_generator.state = decode(marker["state"], self._resolve)
            return generator
        if kind in ("class", "function"):
            return Answer(self, int(number), name)
        if kind == "iterator":
            return Stream(self, int(number), name)
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


class Stream(Thing):
    """An iterator of the student's, such as a generator: what comes next is asked for when it is wanted."""

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> Any:
        for value in self._answers.following(self._number):
            return value
        raise StopIteration


def _error(message: Any) -> Exception:
    """The error that the student's code raised, as one of Python's own if it derives from one; else an AnswerError.

    A test may look at its text. Students do not see it: it could hold what a hidden test asked.
    """
    error = told(message)
    if error is None:
        name = str(message["types"][0])[:100] if message["types"] else ""
        error = AnswerError(f"{name}: {str(message.get('text'))[:1000]}")
    setattr(error, SHOWN, RAISED)
    return error
