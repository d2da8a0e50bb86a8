"""Named parties as separate processes that answer over sockets on this machine, for labs on protocols between parties.

The notebook plays the coordinator: it starts the parties and asks them. A party is an object made in its own process by
a function of the lab; what the object holds stays in that process, and only what its public methods return comes back.
Where Python has no processes (in a browser), the parties live in this process and `Parties.how` says so.
"""

import contextlib
import hmac
import os
import pickle
import secrets
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack

from hipkit.errors import KitError

LOOPBACK = "127.0.0.1"
HEADER = struct.Struct(">I")  # a frame is the length of its payload, then the payload in MessagePack
TOKEN_BYTES = 32
# How often to look whether a party that shall start has ended instead.
LOOK_EVERY = 0.2
# How long a stranger, another program of this machine that calls at our port, may keep the parties waiting.
STRANGER_SECONDS = 0.5
CHILD = "from hipkit.parties import _run_party; _run_party()"


class PartyGone(KitError):
    """A party has ended, or did not answer in time and was ended for it."""


class PartyRefused(KitError):
    """A party answered a question with an error."""


@dataclass(frozen=True)
class Message:
    """One message that crossed between the coordinator and a party.

    Attributes:
        sender, receiver: names.
        method: what the party was asked, in the question and in its answer.
        content: the list of arguments of a question; what the party returned; the error as text when it refused.
        refused: True for an answer that is an error.
        size: bytes on the wire, with the frame's header.
    """

    sender: str
    receiver: str
    method: str
    content: Any
    refused: bool
    size: int


class Parties:
    """Starts every party in a process of its own, and asks them.

    Use it in a `with` block, or like an open file over several cells and call `close()`. All processes end at the end
    of the block, when the object is lost, and when the notebook's own process ends, however it ends.

    Args:
        makers: name of the party to a function without arguments, called in the party's process, that returns the
            party. The function may stand in the notebook; it takes what it refers to with it.
        coordinator: the name of the notebook's own role in the transcript.
        seconds: what all parties together may take to start, and for each later round of answers.

    Attributes:
        transcript: every message so far, in order.
        simulated: True where the parties live in this process, because there is no other.

    Raises:
        PartyGone: a party did not start in time, or ended while it started.
        PartyRefused: a party's maker failed.
    """

    def __init__(
        self, makers: Mapping[str, Callable[[], object]], coordinator: str = "server", seconds: float = 30
    ) -> None:
        self.coordinator = coordinator
        self.seconds = seconds
        self.transcript: list[Message] = []
        self.simulated = sys.platform in ("emscripten", "wasi")
        self._links: dict[str, _Process | _Simulated] = {}
        self._end = weakref.finalize(self, _end_all, self._links)
        until = time.monotonic() + seconds
        try:
            if self.simulated:
                self._links.update({name: _Simulated(name, make) for name, make in makers.items()})
            else:
                self._start(makers, until)
            _, failures = self._collect("start", list(makers), until)
            for failure in failures:
                raise failure
        except BaseException:
            self.close()
            raise
        self.transcript.clear()

    def _start(self, makers: Mapping[str, Callable[[], object]], until: float) -> None:
        """Start the processes, and let each call once at a free port of this machine."""
        with socket.create_server((LOOPBACK, 0)) as door:
            for name, make in makers.items():
                self._links[name] = _Process(name, make, door.getsockname()[1])
            door.settimeout(LOOK_EVERY)
            waiting = {link.token: link for link in self._links.values()}
            while waiting:
                for link in waiting.values():
                    if link.has_ended() or time.monotonic() > until:
                        raise PartyGone(f"{link.name} did not start; what it printed says why.")
                try:
                    line, _ = door.accept()
                except TimeoutError:
                    continue
                token = _greeting(line)
                known = next((mine for mine in waiting if hmac.compare_digest(mine, token)), None)
                if known is None:
                    line.close()
                else:
                    waiting.pop(known).connect(line)

    @property
    def names(self) -> list[str]:
        """The parties that have not ended."""
        return [name for name, link in self._links.items() if not link.has_ended()]

    @property
    def how(self) -> str:
        """A sentence on where the parties live."""
        if self.simulated:
            return (
                f"SIMULATED: Python in a browser has no processes and no sockets. All {len(self._links)} parties live "
                "in this one process, and only the code keeps them apart."
            )
        numbers = ", ".join(f"{name} ({link.process.pid})" for name, link in self._links.items())
        return f"{len(self._links)} processes on this machine, each with a TCP connection on {LOOPBACK}: {numbers}."

    def ask(self, name: str, method: str, *arguments: Any) -> Any:
        """Ask one party and wait for its answer.

        Args:
            name: the party.
            method: a public method of the party.
            arguments: plain data: None, bool, int of at most 64 bits, float, str, bytes, and lists and dicts of these.

        Returns:
            what the method returned; tuples come back as lists.

        Raises:
            PartyGone: it has ended, or did not answer in time and was ended for it.
            PartyRefused: the method raised an error, or there is none of that name.
            KitError: no such party, or the arguments are no plain data.
        """
        answers, failures = self._exchange(method, {name: arguments})
        for failure in failures:
            raise failure
        return answers[name]

    def ask_each(self, method: str, arguments: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """Ask several parties at once, each with its own arguments: one round of a protocol.

        Args:
            method: a public method of the parties.
            arguments: name of the party to its arguments, as for `ask`.

        Returns:
            name of the party to its answer. A party that refused, has ended or was too late is not in it. The
            transcript holds the refusals; who was too late is ended.

        Raises:
            KitError: no such party, or the arguments are no plain data.
        """
        return self._exchange(method, arguments)[0]

    def _exchange(self, method: str, arguments: Mapping[str, Sequence[Any]]) -> tuple[dict[str, Any], list[KitError]]:
        if unknown := [name for name in arguments if name not in self._links]:
            raise KitError(f"There is no party {' or '.join(unknown)}; there are {', '.join(self._links)}.")
        frames = {name: _frame([method, list(given)]) for name, given in arguments.items()}
        until = time.monotonic() + self.seconds
        asked, failures = [], []
        try:
            for name, frame in frames.items():
                try:
                    self._links[name].send(frame, until)
                except PartyGone as gone:
                    failures.append(gone)
                    continue
                asked.append(name)
                _, content = _unframe(frame)
                self.transcript.append(Message(self.coordinator, name, method, content, False, len(frame)))
            answers, late = self._collect(method, asked, until)
        except BaseException:
            # An answer that is still on its way would be taken for the answer to the next question.
            for link in self._links.values():
                if link.owes_answer:
                    link.end()
            raise
        return answers, failures + late

    def _collect(self, method: str, names: Sequence[str], until: float) -> tuple[dict[str, Any], list[KitError]]:
        answers: dict[str, Any] = {}
        failures: list[KitError] = []
        for name in names:
            try:
                frame = self._links[name].receive(until)
            except PartyGone as gone:
                failures.append(gone)
                continue
            done, content = _unframe(frame)
            self.transcript.append(Message(name, self.coordinator, method, content, not done, len(frame)))
            if done:
                answers[name] = content
            else:
                failures.append(PartyRefused(f"{name} refused: {content}"))
        return answers, failures

    def end(self, name: str) -> None:
        """End a party at once, as a power cut would."""
        self._links[name].end()

    def close(self) -> None:
        """End all parties."""
        self._end()

    def __enter__(self) -> "Parties":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _end_all(links: Mapping[str, "_Process | _Simulated"]) -> None:
    with contextlib.ExitStack() as every:  # goes on to the next when one is interrupted
        for link in links.values():
            every.callback(link.end)


class _Process:
    """A party in a process of its own, seen from the coordinator."""

    def __init__(self, name: str, make: Callable[[], object], port: int) -> None:
        import cloudpickle  # takes functions of a notebook along by value; not there in a browser, nor needed

        self.name = name
        self.token = secrets.token_bytes(TOKEN_BYTES)
        self.owes_answer = True  # to whether it could start
        self._line: socket.socket | None = None
        program = pickle.dumps((sys.path, port, self.token, cloudpickle.dumps(make)))
        self.process = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE)
        # The pipe stays open: its end tells the party that this process is gone.
        with contextlib.suppress(BrokenPipeError):  # it has ended already, and `has_ended` tells
            self.process.stdin.write(program)
            self.process.stdin.flush()

    def connect(self, line: socket.socket) -> None:
        """Take the connection on which the party has called."""
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = line

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def send(self, frame: bytes, until: float) -> None:
        with self._or_gone():
            if self.has_ended():
                raise EOFError
            self.owes_answer = True
            self._line.settimeout(_remaining(until))
            self._line.sendall(frame)

    def receive(self, until: float) -> bytes:
        with self._or_gone():
            header = _exactly(self._line, HEADER.size, until)
            frame = header + _exactly(self._line, HEADER.unpack(header)[0], until)
        self.owes_answer = False
        return frame

    @contextlib.contextmanager
    def _or_gone(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            self.end()
            raise PartyGone(f"{self.name} did not answer in time and was ended.") from None
        except (EOFError, ConnectionError):
            self.end()
            raise PartyGone(f"{self.name} has ended.") from None

    def end(self) -> None:
        self.owes_answer = False
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):  # what it had not read
            self.process.stdin.close()
        if self._line is not None:
            self._line.close()


class _Simulated:
    """A party in this process. Messages cross as the same bytes, so that what is counted is the same."""

    def __init__(self, name: str, make: Callable[[], object]) -> None:
        self.name = name
        self.owes_answer = False
        self._party, self._answer = _made(make)

    def has_ended(self) -> bool:
        return self._party is None

    def send(self, frame: bytes, until: float) -> None:
        if self._party is None:
            raise PartyGone(f"{self.name} has ended.")
        self._answer = _answer(self._party, frame)

    def receive(self, until: float) -> bytes:
        return self._answer

    def end(self) -> None:
        self._party = None


def _run_party() -> None:
    """What runs in a party's process, until the coordinator hangs up or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted notebook sends it to all its processes
    sys.path[:], port, token, program = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_coordinator, daemon=True).start()
    with socket.create_connection((LOOPBACK, port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(token)
        party, started = _made(lambda: pickle.loads(program)())
        line.sendall(started)
        while True:
            header = _exactly(line, HEADER.size)
            line.sendall(_answer(party, header + _exactly(line, HEADER.unpack(header)[0])))


def _end_with_coordinator() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing more is ever written: this returns when the other end is closed
    os._exit(0)


def _made(make: Callable[[], object]) -> tuple[object | None, bytes]:
    """The party, and the frame that says whether it could be made."""
    try:
        return make(), _frame([True, None])
    except Exception as error:
        return None, _frame([False, _in_words(error)])


def _answer(party: object, frame: bytes) -> bytes:
    """The frame that answers a question to a party."""
    method, arguments = _unframe(frame)
    try:
        if method.startswith("_"):
            raise AttributeError(f"{method} is not public")
        return _frame([True, getattr(party, method)(*arguments)])
    except Exception as error:
        return _frame([False, _in_words(error)])


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _frame(content: Any) -> bytes:
    try:
        payload = msgpack.packb(content)
    except (TypeError, ValueError, OverflowError) as error:
        raise KitError(
            f"Only plain data cross between parties ({error}). Send None, bool, int of at most 64 bits, float, str, "
            "bytes, and lists and dicts of these; an array as its tobytes()."
        ) from None
    return HEADER.pack(len(payload)) + payload


def _unframe(frame: bytes) -> Any:
    return msgpack.unpackb(frame[HEADER.size :], strict_map_key=False)


def _greeting(line: socket.socket) -> bytes:
    """What a caller says first, if it is as long as a token."""
    try:
        return _exactly(line, TOKEN_BYTES, time.monotonic() + STRANGER_SECONDS)
    except (TimeoutError, EOFError, ConnectionError):
        return b""


def _exactly(line: socket.socket, length: int, until: float | None = None) -> bytes:
    data = bytearray()
    while len(data) < length:
        line.settimeout(None if until is None else _remaining(until))
        if not (part := line.recv(min(length - len(data), 1 << 20))):
            raise EOFError
        data += part
    return bytes(data)


def _remaining(until: float) -> float:
    return max(until - time.monotonic(), 0.001)  # what has arrived is still read
