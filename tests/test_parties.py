"""Parties as processes: they answer, keep their secrets, count bytes, and are gone afterwards, whatever happened."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import psutil
import pytest
from jupyter_client.manager import start_new_kernel

import hipkit.parties
from hipkit.errors import KitError
from hipkit.parties import LOOPBACK, Message, Parties, PartyGone, PartyRefused

SOON = 20.0  # seconds; the machine may be busy


class Adder:
    """A party with a secret number."""

    def __init__(self, secret: int) -> None:
        self.secret = secret

    def add(self, number: int) -> int:
        return self.secret + number

    def process_id(self) -> int:
        return os.getpid()

    def echo(self, value: object) -> object:
        return value

    def complain(self) -> None:
        raise ValueError("the list differs")

    def sleep(self, seconds: float) -> str:
        time.sleep(seconds)
        return "awake"

    def secret_object(self) -> object:
        return self

    def end(self) -> None:
        os._exit(3)

    def _hidden(self) -> int:
        return self.secret


def adders(**secrets: int) -> dict[str, Callable[[], Adder]]:
    return {name: lambda secret=secret: Adder(secret) for name, secret in secrets.items()}


@pytest.fixture(params=["processes", "simulated"])
def either(request, monkeypatch) -> str:
    """Both ways in which parties can live."""
    if request.param == "simulated":
        monkeypatch.setattr(sys, "platform", "emscripten")
        monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: pytest.fail("a browser has no processes"))
        monkeypatch.setattr(socket, "create_server", lambda *a, **k: pytest.fail("a browser has no sockets"))
    return request.param


def wait_until_gone(pids: list[int]) -> None:
    until = time.monotonic() + SOON
    while alive := [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]:
        assert time.monotonic() < until, f"still there: {alive}"
        time.sleep(0.05)


def test_each_party_answers_with_its_own_secret(either: str) -> None:
    with Parties(adders(Bergen=1, Oslo=10)) as parties:
        assert parties.names == ["Bergen", "Oslo"]
        assert parties.ask("Bergen", "add", 5) == 6
        assert parties.ask_each("add", {"Oslo": [5], "Bergen": [7]}) == {"Oslo": 15, "Bergen": 8}
        assert parties.simulated == (either == "simulated")
        assert ("SIMULATED" in parties.how) == parties.simulated
    assert parties.names == []


def test_parties_are_processes_of_their_own_and_are_gone_after_the_block() -> None:
    with Parties(adders(a=1, b=2, c=3)) as parties:
        pids = list(parties.ask_each("process_id", {name: [] for name in "abc"}).values())
        assert len({*pids, os.getpid()}) == 4
        assert all(str(pid) in parties.how for pid in pids)
    assert not any(psutil.pid_exists(pid) for pid in pids)  # reaped, too


def test_functions_of_a_notebook_are_taken_along(either: str) -> None:
    offset = 40
    namespace: dict = {"__name__": "__main__", "offset": offset}
    exec("class Here:\n def get(self): return offset + 2\ndef make(): return Here()", namespace)
    with Parties({"one": namespace["make"]}) as parties:
        assert parties.ask("one", "get") == 42


@pytest.mark.parametrize(
    "value",
    [None, True, 0, 2**64 - 1, -(2**63), 1.5, "blåbær", b"\x00\xff", [1, [2]], {"a": b"b", 3: 4}, bytes(3_000_000)],
    ids=lambda value: type(value).__name__,
)
def test_plain_data_cross_unchanged(either: str, value: object) -> None:
    with Parties(adders(one=1)) as parties:
        assert parties.ask("one", "echo", value) == value


@pytest.mark.parametrize("value", [2**64, np.int64(1), object(), {1, 2}], ids=["2**64", "numpy", "object", "set"])
def test_what_is_no_plain_data_is_refused_in_words_and_the_party_lives_on(either: str, value: object) -> None:
    with Parties(adders(one=1)) as parties:
        with pytest.raises(KitError, match="Only plain data cross"):
            parties.ask("one", "echo", value)
        with pytest.raises(PartyRefused, match="one refused: KitError: Only plain data cross"):
            parties.ask("one", "secret_object")
        assert parties.ask("one", "add", 1) == 2


def test_a_refusal_is_told_and_the_party_lives_on(either: str) -> None:
    with Parties(adders(one=1, two=2)) as parties:
        with pytest.raises(PartyRefused, match=r"^one refused: ValueError: the list differs$"):
            parties.ask("one", "complain")
        for method in ("_hidden", "__init__", "no_such"):
            with pytest.raises(PartyRefused, match="AttributeError"):
                parties.ask("one", method)
        assert parties.ask_each("complain", {"one": [], "two": []}) == {}
        assert parties.names == ["one", "two"]
        assert parties.transcript[-1] == Message(
            "two", "server", "complain", "ValueError: the list differs", True, parties.transcript[-1].size
        )
        with pytest.raises(KitError, match=r"no party tre; there are one, two"):
            parties.ask("tre", "add", 1)


def test_the_transcript_holds_every_message_and_its_bytes(either: str) -> None:
    with Parties(adders(one=1), coordinator="aggregator") as parties:
        parties.ask("one", "echo", b"x" * 100)
        question, answer = parties.transcript
    # MessagePack: array of 2 (1), str "echo" (1 + 4), array of 1 (1), bin of 100 (2 + 100); our header is 4.
    assert question == Message("aggregator", "one", "echo", [b"x" * 100], False, 4 + 1 + 5 + 1 + 102)
    # array of 2 (1), true (1), bin of 100 (2 + 100).
    assert answer == Message("one", "aggregator", "echo", b"x" * 100, False, 4 + 1 + 1 + 102)


def test_a_party_that_hangs_is_left_out_and_ended_and_the_others_answer() -> None:
    with Parties(adders(quick=1, slow=2)) as parties:
        slow = parties.ask("slow", "process_id")
        parties.seconds = 2.0
        began = time.monotonic()
        assert parties.ask_each("sleep", {"slow": [60], "quick": [0]}) == {"quick": "awake"}
        assert 1.5 < time.monotonic() - began < SOON
        assert parties.names == ["quick"]
        assert not psutil.pid_exists(slow)
        parties.seconds = 30.0
        assert parties.ask("quick", "add", 1) == 2
        with pytest.raises(PartyGone, match="slow has ended"):
            parties.ask("slow", "add", 1)


def test_a_party_that_hangs_is_named_when_asked_alone() -> None:
    with Parties(adders(slow=2)) as parties:
        parties.seconds = 1.0
        with pytest.raises(PartyGone, match="slow did not answer in time and was ended"):
            parties.ask("slow", "sleep", 60)


def test_parties_that_end_by_themselves_or_are_ended_are_missed(either: str) -> None:
    with Parties(adders(a=1, b=2, c=3)) as parties:
        parties.end("a")
        if either == "processes":
            with pytest.raises(PartyGone, match="b has ended"):
                parties.ask("b", "end")
        else:
            parties.end("b")
        assert parties.names == ["c"]
        assert parties.ask_each("add", {name: [1] for name in "abc"}) == {"c": 4}


def test_a_maker_that_fails_is_told_and_nothing_stays(either: str) -> None:
    def fail() -> Adder:
        raise RuntimeError("no data here")

    before = set(psutil.Process().children())
    with pytest.raises(PartyRefused, match="bad refused: RuntimeError: no data here"):
        Parties({**adders(good=1), "bad": fail})
    assert set(psutil.Process().children()) <= before


def test_a_maker_that_hangs_times_out_and_nothing_stays() -> None:
    before = set(psutil.Process().children())
    with pytest.raises(PartyGone, match="slow did not answer in time"):
        Parties({"slow": lambda: time.sleep(60)}, seconds=3)
    assert set(psutil.Process().children()) <= before


def test_a_process_that_dies_at_once_is_noticed(monkeypatch) -> None:
    monkeypatch.setattr(hipkit.parties, "CHILD", "raise SystemExit(1)")
    with pytest.raises(PartyGone, match="a did not start"):
        Parties(adders(a=1))


def test_children_are_gone_after_an_exception_in_the_block() -> None:
    with pytest.raises(ZeroDivisionError), Parties(adders(a=1, b=2)) as parties:
        pids = list(parties.ask_each("process_id", {"a": [], "b": []}).values())
        raise ZeroDivisionError
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_children_are_gone_when_the_object_is_lost() -> None:
    parties = Parties(adders(a=1))
    pid = parties.ask("a", "process_id")
    del parties
    assert not psutil.pid_exists(pid)


@pytest.fixture
def as_in_a_kernel() -> Iterator[None]:
    """SIGINT raises KeyboardInterrupt. A shell's job in the background is started with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("as_in_a_kernel")
def test_an_interrupted_question_leaves_no_answer_behind_for_the_next_one() -> None:
    with Parties(adders(asked=1, other=2)) as parties:
        pid = parties.ask("asked", "process_id")
        timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            parties.ask("asked", "sleep", 60)
        assert not psutil.pid_exists(pid)
        assert parties.names == ["other"]
        assert parties.ask("other", "add", 1) == 3


NOTEBOOK = textwrap.dedent("""
    import os, signal, sys, time
    from hipkit.parties import Parties
    signal.signal(signal.SIGINT, signal.default_int_handler)
    class Sleeper:
        def pid(self): return os.getpid()
        def sleep(self): time.sleep(600)
    with Parties({name: Sleeper for name in "abc"}, seconds=600) as parties:
        print(*parties.ask_each("pid", {name: [] for name in "abc"}).values(), flush=True)
        parties.ask_each("sleep", {name: [] for name in "abc"})
""")


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
@pytest.mark.parametrize(
    ("number", "to_group"), [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGKILL, False)]
)
def test_children_are_gone_when_the_notebook_is_interrupted_or_killed(number: int, to_group: bool) -> None:
    """In the middle of a round. A kernel is interrupted as a group, as here."""
    with subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as notebook:
        pids = [int(word) for word in notebook.stdout.readline().split()]
        try:
            assert len(pids) == 3 and all(psutil.pid_exists(pid) for pid in pids)
            time.sleep(0.5)
            (os.killpg if to_group else os.kill)(notebook.pid, number)
            _, errors = notebook.communicate(timeout=SOON)
            wait_until_gone(pids)
        finally:
            for pid in pids:
                if psutil.pid_exists(pid):
                    os.kill(pid, signal.SIGKILL)
    assert notebook.returncode != 0
    assert errors.count("Traceback") == (1 if number == signal.SIGINT else 0)  # the notebook's; the parties are quiet


CELL = textwrap.dedent("""
    import os, time
    from hipkit.parties import Parties
    class Sleeper:
        def pid(self): return os.getpid()
        def sleep(self): time.sleep(600)
    parties = Parties({name: Sleeper for name in "abc"}, seconds=600)
    print(*parties.ask_each("pid", {name: [] for name in "abc"}).values(), flush=True)
    parties.ask_each("sleep", {name: [] for name in "abc"})
""")


@pytest.mark.parametrize("stop", ["interrupt_kernel", "restart_kernel", "shutdown_kernel"])
def test_children_are_gone_after_a_kernel_is_stopped(stop: str) -> None:
    """In a real kernel, with parties of the notebook's own class, kept over cells and not in a block."""
    manager, client = start_new_kernel(startup_timeout=120)
    try:
        client.execute(CELL)
        printed = ""
        while len(printed.split()) < 3:
            message = client.get_iopub_msg(timeout=120)
            if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                printed += message["content"]["text"]
        pids = [int(word) for word in printed.split()]
        assert all(psutil.pid_exists(pid) for pid in pids)
        time.sleep(0.5)
        getattr(manager, stop)(**({} if stop == "interrupt_kernel" else {"now": True}))
        wait_until_gone(pids)
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=True)


def test_the_port_is_free_again_and_open_on_loopback_only(monkeypatch) -> None:
    doors = []

    def create_server(address, **options):
        doors.append(socket.socket.getsockname(door := real(address, **options)))
        return door

    real = socket.create_server
    monkeypatch.setattr(socket, "create_server", create_server)
    with Parties(adders(a=1)) as parties:
        [(host, port)] = doors
        assert host == LOOPBACK
        with pytest.raises(ConnectionRefusedError):  # all have called: nobody else can
            socket.create_connection((host, port), timeout=2)
        assert parties.ask("a", "add", 1) == 2
    with real((host, port)):
        pass


def test_a_stranger_who_calls_first_gets_nothing_and_stops_nothing(monkeypatch) -> None:
    strangers, heard = [], []

    def create_server(address, **options):
        door = real(address, **options)
        for greeting in (b"", b"x" * 32, b"x" * 5):  # silent, a guess, a part
            stranger = socket.create_connection(door.getsockname())
            stranger.sendall(greeting)
            strangers.append(stranger)
        return door

    real = socket.create_server
    monkeypatch.setattr(socket, "create_server", create_server)
    with Parties(adders(a=1)) as parties:
        assert parties.ask("a", "add", 1) == 2
        for stranger in strangers:
            stranger.settimeout(5)
            with stranger:
                try:
                    heard.append(stranger.recv(100))
                except ConnectionResetError:
                    heard.append(b"")
    assert heard == [b""] * 3
