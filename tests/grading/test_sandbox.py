"""A room for students' code keeps in it what is in it, and is gone when it is closed."""

import contextlib
import os
import re
import select
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec

from hipkit.errors import KitError
from hipkit.grading import sandbox
from hipkit.grading.boundary import receive
from hipkit.grading.fork_server import fork
from hipkit.grading.provisioner import ENTRY, PRELOAD, RoomProvisioner
from hipkit.grading.sandbox import HOME, Limits, Room, unavailable

REASON = unavailable()


@pytest.fixture(autouse=True)
def possible() -> None:
    """Where every change is tried, a room must be possible; elsewhere it says loudly why it is not."""
    if REASON:
        pytest.fail(REASON) if os.environ.get("CI") else pytest.skip(REASON)


class Pupil:
    """A kernel in a room, and what its code prints."""

    def __init__(self, files: dict[str, bytes] | None = None, **limits: int) -> None:
        self.manager = KernelManager()
        provisioner = RoomProvisioner(
            kernel_id="test", kernel_spec=KernelSpec(language="python"), parent=self.manager, limits=limits
        )
        provisioner.files = files or {}
        self.manager.provisioner = provisioner
        try:
            self.manager.start_kernel()
        except KitError:
            self.manager.cleanup_resources()
            raise
        self.room = provisioner.room
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def says(self, code: str, seconds: float = 60) -> str:
        """What the code prints, or the kind of its error."""
        said: list[str] = []

        def hear(message: dict) -> None:
            content = message["content"]
            said.append(content.get("text") or content.get("ename") or "")

        self.client.execute_interactive(code, output_hook=hear, timeout=seconds)
        return "".join(said)

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def pupil() -> Iterator[Pupil]:
    os.environ["HIPKIT_TEST_SECRET"] = "the teacher's"
    one = Pupil({"table.csv": b"a,b\n1,2\n", "more/note.txt": b"hello"})
    yield one
    one.end()
    del os.environ["HIPKIT_TEST_SECRET"]


def test_the_kernel_can_do_nothing_but_compute(pupil: Pupil) -> None:
    status = dict(
        line.split(":\t", 1)
        for line in pupil.says("print(open('/proc/self/status').read())").splitlines()
        if ":\t" in line
    )
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    if os.geteuid() == 0:
        assert int(status["Uid"].split()[0]) in sandbox.UIDS


def test_it_sees_no_environment_and_no_files_but_its_own(pupil: Pupil) -> None:
    assert "the teacher's" not in pupil.says(
        "print(open('/proc/1/environ','rb').read(), open('/proc/self/environ','rb').read())"
    )
    assert "the teacher's" not in pupil.says("import os; print(dict(os.environ))")
    assert pupil.says("print(open('table.csv').read(), open('more/note.txt').read())") == "a,b\n1,2\n hello\n"
    tests = Path(__file__)
    assert (
        pupil.says(
            f"import os; print(os.path.exists({str(tests)!r}), os.path.exists({str(sandbox.ROOT / 'assignments')!r}))"
        )
        == "False False\n"
    )


def test_a_risk_register_can_be_checked_in_it(pupil: Pupil) -> None:
    code = """
from hipkit.paths import DATASETS
from hipkit.register import faults, read_register
print(faults(read_register(DATASETS / "risk" / "register.yml")))
"""
    assert pupil.says(code) == "[]\n"


def test_it_can_write_only_in_its_own_folders(pupil: Pupil) -> None:
    places = [
        "/",
        "/usr",
        "/etc",
        "/dev",
        "/proc/sys/kernel",
        str(pupil.room.shared),
        str(Path(sandbox.__file__).parent),
    ]
    code = f"""
import os
for place in {places!r} + [{HOME!r}, "/tmp", "/dev/shm"]:
    try:
        open(os.path.join(place, "mine"), "w").close()
        print("wrote", place)
    except OSError:
        pass
"""
    assert pupil.says(code).split("\n")[:-1] == [f"wrote {place}" for place in (HOME, "/tmp", "/dev/shm")]


def test_it_reaches_no_network_and_no_server_of_this_machine(pupil: Pupil) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as hidden:
        hidden.bind("\0hipkit-test")
        hidden.listen()
        port = server.getsockname()[1]
        code = f"""
import socket
for address in (("127.0.0.1", {port}), ("192.0.2.1", 80), "\\0hipkit-test"):
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as line:
        line.settimeout(2)
        try:
            line.connect(address)
            print("reached", address)
        except OSError:
            pass
for family in (17, 40, 38):  # packets, virtual machines, the kernel's cryptography
    try:
        socket.socket(family, socket.SOCK_STREAM)
        print("opened", family)
    except OSError:
        pass
"""
        assert pupil.says(code) == ""


@pytest.mark.parametrize(
    "call",
    [
        "libc.unshare(0x10000000)",
        "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "libc.ptrace(16, 1, 0, 0)",
        "libc.syscall(321, 0, 0, 0)",  # bpf
        "libc.syscall(425, 1, 0)",  # io_uring_setup
        "libc.syscall(250, 0, 0)",  # keyctl
        "libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)",  # clone into a namespace of users
        "libc.syscall(435, 0, 0)",  # clone3
        "libc.syscall(319, b'hidden', 0)",  # memfd_create: memory that no bound counts
        "libc.shmget(1, 2**20, 0o1600)",
        "libc.chroot(b'/tmp')",
        "libc.setuid(0)",
    ],
)
def test_ways_out_are_refused(pupil: Pupil, call: str) -> None:
    assert pupil.says(f"import ctypes; libc = ctypes.CDLL(None); print({call})") == "-1\n"


def test_it_sees_no_process_but_its_own(pupil: Pupil) -> None:
    here = {process.pid for process in psutil.process_iter()}
    there = {
        int(one) for one in pupil.says("import os; print(*[p for p in os.listdir('/proc') if p.isdecimal()])").split()
    }
    assert len(there) <= 8 < len(here)
    assert (
        pupil.says(
            "import os, signal\nfor p in range(100, 40000):\n  try: os.kill(p, 0); print(p)\n  except OSError: pass"
        )
        == ""
    )


def test_disk_files_and_processes_are_bounded() -> None:
    one = Pupil(disk=8 * sandbox.MEBIBYTE, inodes=200, processes=20, memory=4096 * sandbox.MEBIBYTE)
    try:
        assert (
            one.says("""
for place in ("/tmp", "/dev/shm", "."):
    try:
        with open(place + "/big", "wb") as file:
            for _ in range(64): file.write(bytes(2**20))
        print("wrote 64 MB to", place)
    except OSError: pass
""")
            == ""
        )
        assert (
            one.says("""
import os
os.remove("big")
try:
    for number in range(1000): open(f"small{number}", "w").close()
    print("made 1000 files")
except OSError: pass
""")
            == ""
        )
        assert (
            one.says("""
import os, time
children = []
try:
    for _ in range(100):
        if (child := os.fork()) == 0:
            time.sleep(30); os._exit(0)
        children.append(child)
    print("forked 100")
except OSError: pass
for child in children: os.kill(child, 9)
""")
            == ""
        )
        assert one.says("x = bytearray(10**10)") == "MemoryError"
    finally:
        one.end()


def test_memory_of_all_processes_together_is_bounded() -> None:
    one = Pupil(memory=600 * sandbox.MEBIBYTE)
    try:
        with contextlib.suppress(RuntimeError, TimeoutError):
            one.says(
                """
import os, time
for _ in range(8):
    if os.fork() == 0:
        x = b"x" * 300_000_000
        time.sleep(30)
        os._exit(0)
time.sleep(30)
""",
                seconds=15,
            )
        assert one.room.killed_for == "more than 600 MB of memory"
    finally:
        one.end()


def test_everything_it_started_is_gone_when_it_ends() -> None:
    one = Pupil()
    one.says("""
import os, time
if os.fork() == 0:  # twice, and a session of its own: what survives the end of a parent elsewhere
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
""")
    inside = {int(p.name) for p in (one.room.inside / "proc").iterdir() if p.name.isdecimal()}
    assert len(inside) >= 4
    spaces = Path(f"/proc/{one.room.pid}/ns/pid").stat().st_ino
    shared = one.room.shared
    one.end()
    for process in psutil.process_iter():
        with contextlib.suppress(OSError):
            assert Path(f"/proc/{process.pid}/ns/pid").stat().st_ino != spaces, process
    assert not shared.exists()


def test_a_room_ends_with_whoever_made_it(tmp_path: Path) -> None:
    made = os.fork()
    if made == 0:
        room = Room()
        (tmp_path / "pid").write_text(str(room.pid))
        time.sleep(60)
        os._exit(0)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.02)
    inside = int((tmp_path / "pid").read_text())
    os.kill(made, 9)
    os.waitpid(made, 0)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(inside) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(inside)


def test_nothing_of_the_students_is_read_before_the_room_is_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    # The order that a fork gets holds no byte of the submission: its files are put into the room by bubblewrap, and its
    # cells come over sockets that only open inside. So a marker in both must not be among what the fork is told.
    told = []
    from hipkit.grading import provisioner

    send = provisioner.send
    monkeypatch.setattr(provisioner, "send", lambda line, value: (told.append(repr(value)), send(line, value)))
    one = Pupil({"work.txt": b"student marker"})
    try:
        assert one.says("print(open('work.txt').read())  # student marker") == "student marker\n"
        assert one.says("import os; print(os.getppid())") == "0\n"  # its parent is outside: it was forked, then entered
        assert told and not any("student marker" in one for one in told)
    finally:
        one.end()


def test_a_kernel_that_cannot_be_confined_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room, "seal", lambda self: (_ for _ in ()).throw(KitError("cannot be closed off")))
    with pytest.raises(KitError, match="cannot be closed off"):
        Pupil()


def test_why_a_kernel_cannot_be_confined_is_told() -> None:
    with pytest.raises(KitError, match="not allowed to raise maximum limit"):
        Pupil(open_files=2**40)


def test_a_kernel_that_ends_while_it_starts_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork_that_ends(entry: str, preload: tuple[str, ...], line: int, door: int) -> None:
        there = socket.socket(fileno=os.dup(line))
        threading.Thread(target=lambda: (receive(there), there.close())).start()

    monkeypatch.setattr("hipkit.grading.provisioner.fork", fork_that_ends)
    with pytest.raises(KitError, match=re.escape("No kernel could be put into a room (it ended).")):
        Pupil()


def test_what_both_sides_share_is_closed_to_others() -> None:
    with Room() as room:
        found = room.shared.stat()
        assert found.st_uid == (os.geteuid() if room.uid is None else room.uid)
        assert found.st_mode & 0o777 == 0o700


def test_a_kernel_that_ends_by_itself_leaves_no_descriptor_behind() -> None:
    def descriptors_of_processes() -> int:
        count = 0
        for entry in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):  # the one with which the list is read
                count += "pidfd" in str(entry.readlink())
        return count

    before = descriptors_of_processes()
    one = Pupil()
    one.client.execute("import os; os._exit(0)")
    while one.manager.is_alive():
        time.sleep(0.02)
    # What nbclient does with a kernel that is dead.
    one.manager.cleanup_resources()
    one.client.stop_channels()
    assert descriptors_of_processes() == before


def test_a_closed_room_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    about_to_kill, kill, here = threading.Event(), Room._kill, threading.current_thread()

    def kill_late(room: Room) -> None:
        if threading.current_thread() is not here:
            about_to_kill.set()
            time.sleep(0.5)
        kill(room)

    monkeypatch.setattr(Room, "_kill", kill_late)
    room = Room(limits=Limits(memory=1))
    assert about_to_kill.wait(10)
    room.close()
    with Room() as other:  # its door has the number that the first one had
        assert select.select([other.door], [], [], 1) == ([], [], [])


def test_a_room_that_ends_before_its_kernel_is_there_costs_only_that_kernel() -> None:
    ended = Room()
    signal.pidfd_send_signal(ended.door, signal.SIGKILL)
    select.select([ended.door], [], [])
    here, there = socket.socketpair()
    with here:
        with there:
            fork(ENTRY, PRELOAD, there.fileno(), ended.door)
        here.settimeout(60)
        here.shutdown(socket.SHUT_WR)
        while here.recv(4096):  # until nobody holds the other end
            pass
    ended.close()
    one = Pupil()
    assert one.says("print('here')") == "here\n"
    one.end()


def test_temporary_files_may_be_kept_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path: sockets stand in it
        (Path(folder) / "a" / "b").mkdir(parents=True)
        monkeypatch.setattr(tempfile, "tempdir", f"{folder}/a/b")
        one = Pupil()
        assert one.says("print('here')") == "here\n"
        one.end()


def test_what_was_run_is_remembered_in_the_kernel_and_nowhere_else() -> None:
    one = Pupil()
    one.says("answer = 42")
    assert one.says("%history") == "answer = 42\n%history\n"
    left = "import pathlib; print(*(f for d in ('/home', '/tmp') for f in pathlib.Path(d).rglob('history.sqlite*')))"
    assert one.says(left) == "\n"
    one.end()


def test_without_bubblewrap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None if name == "bwrap" else f"/usr/bin/{name}")
    assert "apt install bubblewrap" in unavailable.__wrapped__()


def test_elsewhere_than_on_linux_it_points_to_the_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.platform, "system", lambda: "Darwin")
    assert "deploy/Containerfile" in unavailable.__wrapped__()


def test_a_system_that_allows_no_namespaces_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room, "_options", lambda self: ["--no-such-option"])
    with pytest.raises(KitError, match="Bubblewrap cannot build a room"):
        Room()


def test_limits_are_whole_numbers_of_what_they_say() -> None:
    assert Limits().memory == 2 * 1024**3
