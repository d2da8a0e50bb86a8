"""What the attacks are after, all of it made for the occasion: files, services, a process, a terminal, keys.

Each piece holds a nonce, its mark. A mark that turns up where students look has been read by somebody, whatever the
submission itself says about it.
"""

import contextlib
import ctypes
import os
import pty
import secrets
import selectors
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from jupyter_client import BlockingKernelClient

# mark -> what it stands in
MARKS = {
    "hidden": "the hidden tests",
    "argument": "an argument of a hidden test",
    "solution": "the solutions",
    "gradebook": "the gradebook",
    "peer": "another student's work",
    "settings": "the course's settings",
    "environment": "the grader's environment",
    "key": "the teacher's SSH key",
    "service": "a service on this machine",
    "memory": "the memory of another process",
    "keyring": "the kernel's keyring",
    "segment": "another process's shared memory",
}
VARIABLE = "GRADEBOOK_PASSWORD"
LIBC = ctypes.CDLL(None, use_errno=True)
# System calls by number: glibc has no functions for the keyring (x86-64 and 64-bit ARM).
ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[os.uname().machine]
USER_KEYRING, KEYCTL_UNLINK = -4, 9
IPC_CREAT, IPC_RMID = 0o1000, 0
NEVER = 180  # seconds that a teacher's kernel may take to start


def new_marks() -> dict[str, str]:
    """A nonce for each of MARKS, one word each, so that syntax highlighting leaves it whole."""
    return {name: name + secrets.token_hex(8) for name in MARKS}


class Bait:
    """The pieces that are no part of the course; use it in a `with` block.

    Args:
        root: a folder whose path is short (there will be sockets in it).
        marks: see `new_marks`.
    """

    def __init__(self, root: Path, marks: dict[str, str]) -> None:
        self.home, self.outside, self.marks = root / "home", root / "outside", marks
        self.outside.mkdir(parents=True)
        (self.outside / "diary.txt").write_text("Only the teacher writes here.\n")
        for name in (".ssh", ".ipython/profile_default/startup", ".local/share/jupyter/runtime"):
            (self.home / name).mkdir(parents=True)
        (self.home / ".ssh" / "id_ed25519").write_text(f"PRIVATE KEY {marks['key']}\n")
        (self.home / ".profile").write_text("# what runs at each log-in\n")

    def __enter__(self) -> "Bait":
        self.services = _Services(self.outside, self.marks["service"])
        self.services.start()
        self._master, self._slave = pty.openpty()
        os.set_blocking(self._master, False)
        os.set_blocking(self._slave, False)
        self._start_teacher()
        name, value = f"course-{secrets.token_hex(4)}".encode(), self.marks["keyring"].encode()
        self._key = name, LIBC.syscall(ADD_KEY, b"user", name, value, len(value), USER_KEYRING)
        self._segment_key = secrets.randbelow(2**30)
        self._segment = LIBC.shmget(self._segment_key, 4096, IPC_CREAT | 0o666)
        LIBC.shmat.restype = ctypes.c_void_p
        held = LIBC.shmat(self._segment, None, 0)
        ctypes.memmove(held, self.marks["segment"].encode(), len(self.marks["segment"]))
        LIBC.shmdt(ctypes.c_void_p(held))
        self.domain = Path("/proc/sys/kernel/domainname").read_text()
        return self

    def _start_teacher(self) -> None:
        """The teacher has a notebook of their own open: a process, a kernel to talk to, a secret in its memory."""
        file = self.home / ".local/share/jupyter/runtime/kernel-teacher.json"
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", str(file), "--HistoryManager.enabled=False"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.teacher = subprocess.Popen(command, cwd=self.outside, env=os.environ | {"HOME": str(self.home)}, **quiet)
        end = time.monotonic() + NEVER
        while not (file.is_file() and file.read_text().endswith("}")) and time.monotonic() < end:
            time.sleep(0.05)
        client = BlockingKernelClient(connection_file=str(file))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(NEVER)
        code = f"import ctypes\nsecret = ctypes.create_string_buffer({self.marks['memory'].encode()!r})"
        ask = {"at": "ctypes.addressof(secret)"}
        reply = client.execute_interactive(code, user_expressions=ask, store_history=False, timeout=NEVER)
        self._address = int(reply["content"]["user_expressions"]["at"]["data"]["text/plain"])
        client.stop_channels()

    def known(self, token: str, student: str, peer: str, course: Path, slug: str) -> dict[str, object]:
        """What one student's attack is told: everything that somebody who knows the teacher's machine could know.

        `token` is the attack's own: it leaves it where it has been, and its processes have it as their name.
        """
        return {
            "token": token,
            "me": student,
            "peer": peer,
            "slug": slug,
            "course": str(course),
            "home": str(self.home),
            "outside": str(self.outside),
            "variable": VARIABLE,
            "page": f"http://127.0.0.1:{self.services.port}/{token}",
            "script": f"document.documentElement.setAttribute('data-ran','{token}');"
            f"new Image().src='http://127.0.0.1:{self.services.port}/{token}'",
            "port": self.services.port,
            "agent": str(self.services.agent),
            "docker": str(self.services.docker),
            "abstract": self.services.abstract,
            "pid": self.teacher.pid,
            "address": self._address,
            "length": len(self.marks["memory"]),
            "terminal": os.ttyname(self._slave),
            "key": self._key[0].decode(),
            "segment": self._segment_key,
        }

    def environment(self) -> dict[str, str]:
        """The environment that the grader works in."""
        services = {"SSH_AUTH_SOCK": str(self.services.agent), "DOCKER_HOST": f"unix://{self.services.docker}"}
        return os.environ | services | {"HOME": str(self.home), VARIABLE: self.marks["environment"]}

    def terminal(self) -> bytes:
        """What was written on the teacher's terminal, or typed into it."""
        found = b""
        for end in (self._master, self._slave):
            with contextlib.suppress(BlockingIOError):
                found += os.read(end, 65536)
        return found

    def __exit__(self, *raised: object) -> None:
        self.teacher.kill()
        self.teacher.wait()
        self.services.stop()
        os.close(self._slave)
        os.close(self._master)
        LIBC.syscall(KEYCTL, KEYCTL_UNLINK, self._key[1], USER_KEYRING)
        LIBC.shmctl(self._segment, IPC_RMID, None)


class _Services(threading.Thread):
    """Services on the teacher's machine, on loopback and on Unix sockets. They answer with their mark and remember.

    Attributes:
        heard: for each call how it came and what was said.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        super().__init__(daemon=True)
        self.heard: list[tuple[str, bytes]] = []
        self._mark = mark.encode()
        self.agent, self.docker = folder / "agent.sock", folder / "docker.sock"
        self.abstract = f"course-{secrets.token_hex(4)}"
        self._open: dict[str, socket.socket] = {}
        for _ in range(100):  # until a port is free for both
            tcp = self._listen("TCP", socket.AF_INET, ("127.0.0.1", 0))
            self.port = tcp.getsockname()[1]
            try:
                self._listen("UDP", socket.AF_INET, ("127.0.0.1", self.port), socket.SOCK_DGRAM)
                break
            except OSError:
                tcp.close()
        self._listen("the SSH agent's socket", socket.AF_UNIX, str(self.agent))
        self._listen("the container service's socket", socket.AF_UNIX, str(self.docker))
        self._listen("an abstract socket", socket.AF_UNIX, f"\0{self.abstract}")
        for path in (self.agent, self.docker):
            path.chmod(0o666)
        self._over = threading.Event()

    def _listen(self, name: str, family: int, address: object, kind: int = socket.SOCK_STREAM) -> socket.socket:
        made = socket.socket(family, kind)
        made.bind(address)
        if kind == socket.SOCK_STREAM:
            made.listen(64)
        self._open[name] = made
        return made

    def run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for name, one in self._open.items():
                selector.register(one, selectors.EVENT_READ, name)
            while not self._over.is_set():
                for key, _ in selector.select(0.2):
                    self._answer(key.data, key.fileobj)

    def _answer(self, name: str, one: socket.socket) -> None:
        if one.type == socket.SOCK_DGRAM:
            self.heard.append((name, one.recv(65536)))
            return
        line, _ = one.accept()
        with line:
            line.settimeout(1)
            try:
                said = line.recv(65536)
            except (TimeoutError, ConnectionError):
                said = b""
            self.heard.append((name, said))
            with contextlib.suppress(OSError):  # the caller may not wait for the answer
                line.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + self._mark)

    def stop(self) -> None:
        self._over.set()
        self.join()
        for one in self._open.values():
            one.close()
