"""What runs in the student's kernel when the cells have run: it answers the tests, which stand in another process.

The kernel is the student's, and so is this code once it is there: whatever it sends is data from a stranger. It must
not hold, and never gets, the text of a test.
"""

import contextlib
import io
import itertools
import signal
import socket
from collections.abc import Iterator
from typing import Any

from hipkit.grading.boundary import BoundaryError, Generators, decode, encode, receive, send, tell, told


class _Interrupts:
    """Ctrl-C ends the code that runs for a test, and nothing else: in a message it would leave half of it on the line.

    A mask would not do: the kernel has other threads that get the signal, and Python raises it in this one.
    """

    def __init__(self) -> None:
        self._through = self._waiting = False

    def arrives(self, number: int, frame: object) -> None:
        """What the signal calls."""
        if self._through:
            raise KeyboardInterrupt
        self._waiting = True

    @contextlib.contextmanager
    def let_through(self) -> Iterator[None]:
        """Where it ends what runs; what has come before was meant for something else."""
        self._waiting, self._through = False, True
        try:
            yield
        finally:
            self._through = False

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Where it waits until this is over."""
        self._through = False
        yield
        self._through = True
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt


class _Session:
    """The objects that the other side knows by number, and the calls between the two sides."""

    def __init__(self, line: socket.socket, namespace: dict[str, Any]) -> None:
        self.interrupts = _Interrupts()
        self._line = line
        self._namespace = namespace
        self._objects: list[Any] = []
        # The tests' random generators, by their number there.
        self.generators = Generators()

    def refer(self, value: Any) -> dict:
        for number, known in self.generators.items():
            if value is known:
                return {"id": number}
        self._objects.append(value)
        kind = "class" if isinstance(value, type) else "function" if callable(value) else "object"
        if isinstance(value, Iterator):
            kind = "iterator"
        return {"t": kind, "id": len(self._objects) - 1, "name": getattr(value, "__name__", type(value).__name__)}

    def resolve(self, marker: dict) -> Any:
        if marker["t"] == "mine":
            return self._objects[marker["id"]]
        if marker["t"] == "rng":
            import numpy as np

            generator = self.generators.setdefault(marker["id"], np.random.default_rng())
            generator.bit_generator.state = decode(marker["state"], self.resolve)
            return generator
        if marker["t"] == "theirs":
            return lambda *args, **kwargs: self._call_back(marker["id"], args, kwargs)
        raise BoundaryError("the tests sent a value that is none")

    def _call_back(self, number: int, args: tuple, kwargs: dict) -> Any:
        """Call a function that the tests passed."""
        order = {"do": "call back", "id": number, "args": self._out(list(args)), "kwargs": self._out(kwargs)}
        with self.interrupts.held():
            send(self._line, order | {"rng": self.generators.states()})
            while (message := receive(self._line)).get("do") != "result":
                self.handle(message)
            self.generators.follow(message["rng"])
        if "raises" in message:
            raise told(message["raises"]) or RuntimeError(message["raises"]["text"])
        return decode(message["value"], self.resolve)

    def _out(self, value: Any) -> Any:
        return encode(value, self.refer)

    def handle(self, message: dict) -> None:
        """Do what the tests ask for, and answer."""
        warned = io.StringIO()
        self.generators.follow(message["rng"])
        self._namespace.pop("__warningregistry__", None)  # as in a kernel, a warning is given in every cell anew
        try:
            with contextlib.redirect_stderr(warned), self.interrupts.let_through():
                answer = {"value": self._out(self._do(message))}
        except BaseException as error:
            answer = {"raises": tell(error)}
        answer["stderr"] = bool(warned.getvalue())
        send(self._line, {"do": "result", "rng": self.generators.states()} | answer)

    def _do(self, message: dict) -> Any:
        args, kwargs = (decode(message[part], self.resolve) for part in ("args", "kwargs"))
        match message["do"]:
            case "get":
                return self._namespace[message["name"]]
            case "next":
                return list(itertools.islice(self._objects[message["id"]], 1))
            case "attribute":
                return getattr(self._objects[message["id"]], message["name"])
            case "call":
                function = self._objects[message["id"]]
                if message["times"] is None:
                    return function(*args, **kwargs)
                return [function(*args, **kwargs) for _ in range(message["times"])]
        raise BoundaryError("the tests asked for something that there is not")


def serve(path: str, namespace: dict[str, Any]) -> None:
    """Answer the tests that listen on the Unix socket `path`, until they hang up."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        session = _Session(line, namespace)
        signal.signal(signal.SIGINT, session.interrupts.arrives)
        while True:
            try:
                message = receive(line)
            except EOFError:
                return
            session.handle(message)
            session.generators.clear()  # the next test may have others under the same numbers
