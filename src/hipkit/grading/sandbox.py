"""The room that a student's code runs in: namespaces and mounts made by bubblewrap, empty until somebody enters.

Bubblewrap (https://github.com/containers/bubblewrap) builds it: no network, a system that can only be read, private
folders of bounded size in memory, processes that see only each other. In it runs nothing but a keeper, which ends when
this process ends, and with the keeper ends everything in the room. `confine` says how a process enters.

As root, the room has a user of its own, whom nobody else is. As an ordinary user, the kernel's user namespaces give the
same room; outside it, its processes still count as that user's, so that what keeps them apart is what they can reach.
"""

import contextlib
import fcntl
import json
import os
import platform
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from hipkit.errors import KitError
from hipkit.paths import BOOK, DATASETS, ROOT

HOME = "/home/student"
# Ids that Debian's policy gives out on demand and that no account has (Debian Policy Manual, 9.2.2).
UIDS = range(60_000, 65_000)
# An ordinary user's room shows this user inside.
INSIDE = 1000
# Of the system, only what Python and its libraries read.
SYSTEM = ["/usr", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts"]
LINKS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]  # links into /usr, or folders on older systems
START_SECONDS = 20
LOOK_SECONDS = 0.2
MEBIBYTE = 1024 * 1024
NAMESPACE_ABOVE = 0xB702  # NS_GET_PARENT of ioctl_ns(2)
INSTALL = "On Debian and Ubuntu: apt install bubblewrap libseccomp2 util-linux."


@dataclass(frozen=True)
class Limits:
    """What the code of one submission may use.

    Attributes:
        memory: bytes of data for one process, and resident bytes of all together, where what forks share counts for
            each of them.
        disk: bytes in each of the three folders that can be written to (home, /tmp, /dev/shm); they are in memory.
        inodes: files in each of them.
        file: bytes of one file.
        cpu: seconds of one process.
        processes: processes and threads together.
        open_files: for one process.
    """

    memory: int = 2048 * MEBIBYTE
    disk: int = 64 * MEBIBYTE
    inodes: int = 10_000
    file: int = 64 * MEBIBYTE
    cpu: int = 300
    processes: int = 64
    open_files: int = 256


@cache
def unavailable() -> str | None:
    """Why no room can be had on this machine, with what to do; None where one can."""
    if platform.system() != "Linux":
        return (
            f"Students' code is contained with Linux's namespaces, and this is {platform.system()}. Grade on a Linux "
            "machine, or in the container of deploy/Containerfile."
        )
    missing = [name for name in ("bwrap", "nsenter", "setpriv") if shutil.which(name) is None]
    if find_library("seccomp") is None:
        missing.append("libseccomp")
    if missing:
        return f"Students' code cannot be contained without {', '.join(missing)}. {INSTALL}"
    try:
        with Room():
            return None
    except KitError as error:
        return str(error)


class Room:
    """A room for one submission; use it in a `with` block or call `close`.

    Args:
        files: relative path -> content of what stands in the student's folder.
        limits: what may be used.

    Attributes:
        door: a descriptor of the process whose namespaces make the room.
        shared: a folder that both sides, and nobody else, see under the same path. Inside it can be written to until
            `seal`.
        uid: whom the student's processes run as; None: the user's own, in a namespace of users.

    Raises:
        KitError: bubblewrap cannot build it; the message has its reason and what to do.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.uid = secrets.choice(UIDS) if os.geteuid() == 0 else None
        self.shared = Path(tempfile.mkdtemp(prefix="hipkit-"))
        self.killed_for = ""  # which bound was passed, if one was
        self._over = threading.Event()
        try:
            self._start(files or {})
        except BaseException:
            shutil.rmtree(self.shared, ignore_errors=True)
            raise
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _start(self, files: Mapping[str, bytes]) -> None:
        if self.uid is not None:
            # The kernel's sockets are made in it, and found, by the student's user; it is closed to others (mkdtemp).
            os.chown(self.shared, self.uid, self.uid)
        with contextlib.ExitStack() as opened:
            told, tells = os.pipe()
            info = opened.enter_context(os.fdopen(told))
            passed = [opened.enter_context(_in_memory(content)) for content in files.values()]
            options = [*self._options(), "--info-fd", str(tells)]
            for name, content in zip(files, passed, strict=True):
                options += ["--perms", "0666", "--file", str(content.fileno()), f"{HOME}/{name}"]
            uid = INSIDE if self.uid is None else self.uid
            person = opened.enter_context(_in_memory(f"student:x:{uid}:{uid}::{HOME}:/bin/sh\n".encode()))
            passed.append(person)
            options += ["--perms", "0444", "--file", str(person.fileno()), "/etc/passwd"]
            # Nothing of the room's own but the student's folders can be written to.
            options += ["--remount-ro", "/dev", "--remount-ro", "/"]
            keeper = ["/bin/sh", "-c", "echo; exec cat"]
            if self.uid is not None:
                who = ["--reuid", str(self.uid), "--regid", str(self.uid), "--clear-groups"]
                keeper = ["setpriv", *who, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", *keeper]
            try:
                self._keeper = subprocess.Popen(
                    ["bwrap", *options, "--", *keeper],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=[tells, *(content.fileno() for content in passed)],
                    env={"PATH": os.environ.get("PATH", os.defpath)},
                )
            finally:
                os.close(tells)
            ready, _, _ = select.select([self._keeper.stdout], [], [], START_SECONDS)
            if not ready or not self._keeper.stdout.readline():
                self._keeper.kill()
                _, said = self._keeper.communicate()
                reason = said.decode(errors="replace").strip() or "it did not start in time"
                raise KitError(f"Bubblewrap cannot build a room for students' code: {reason}. {_advice(reason)}")
            self.pid = json.load(info)["child-pid"]
            self.door = os.pidfd_open(self.pid)

    def _options(self) -> list[str]:
        size = ["--size", str(self.limits.disk)]
        options = ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "room"]
        options += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        if self.uid is None:
            options += ["--unshare-user", "--uid", str(INSIDE), "--gid", str(INSIDE)]
        options += ["--dir", "/etc"]
        for path in SYSTEM:
            options += ["--ro-bind-try", path, path]
        for path in map(Path, LINKS):
            if path.is_symlink():
                options += ["--symlink", str(path.readlink()), str(path)]
            elif path.is_dir():
                options += ["--ro-bind", str(path), str(path)]
        options += ["--proc", "/proc", "--dev", "/dev"]
        for folder in ("/dev/shm", "/tmp", HOME):
            options += ["--perms", "1777", *size, "--tmpfs", folder]
        # Python with its packages, the kit without its assignments, the patients. After /tmp: any of them may be there.
        package, patients = Path(__file__).resolve().parents[1], DATASETS.resolve()
        for path in dict.fromkeys([Path(sys.base_prefix), Path(sys.prefix), package, patients]):
            if not path.is_relative_to("/usr"):
                options += [*_way_to(path), "--ro-bind", str(path), str(path)]
        options += ["--dir", str(BOOK)]
        for path in (ROOT / "pyproject.toml", BOOK / "law.yml"):  # the law: what a risk register may name
            options += ["--ro-bind-try", str(path), str(path)]
        return [*options, *_way_to(self.shared), "--bind", str(self.shared), str(self.shared)]

    @property
    def inside(self) -> Path:
        """The room's own files, as they are seen from outside."""
        return Path("/proc", str(self.pid), "root")

    def seal(self) -> None:
        """Take away what only the kernel's start needed: inside, `shared` becomes read-only and files are counted."""
        mounts = [f"mount -o remount,nr_inodes={self.limits.inodes} {folder}" for folder in ("/dev/shm", "/tmp", HOME)]
        script = " && ".join([*mounts, f"mount -o remount,bind,ro {self.shared}"])
        enter = ["nsenter", "--target", str(self.pid), "--mount"]
        with contextlib.ExitStack() as opened:
            passed = []
            if self.uid is None:
                # Bubblewrap mounts in one namespace of users and runs the keeper in one below it, with fewer rights.
                users = opened.enter_context(Path(f"/proc/{self.pid}/ns/user").open())
                passed = [fcntl.ioctl(users, NAMESPACE_ABOVE)]
                opened.callback(os.close, passed[0])
                enter += [f"--user=/proc/self/fd/{passed[0]}", "--preserve-credentials"]
            done = subprocess.run(
                [*enter, "--", "/bin/sh", "-c", script],
                pass_fds=passed,
                capture_output=True,
                text=True,
                timeout=START_SECONDS,
                check=False,
            )
        if done.returncode:
            raise KitError(f"The room for students' code could not be closed off: {done.stderr.strip()}. {INSTALL}")

    def _watch(self) -> None:
        """End the room when its processes together hold more memory than they may."""
        processes, page = self.inside / "proc", os.sysconf("SC_PAGE_SIZE")
        while not self._over.wait(LOOK_SECONDS):
            held = 0
            with contextlib.suppress(OSError):  # a process, or the room, has just ended
                for process in processes.iterdir():
                    if process.name.isdecimal():
                        with contextlib.suppress(OSError):
                            held += int((process / "statm").read_text().split()[1]) * page
            if held > self.limits.memory:
                self.killed_for = f"more than {self.limits.memory // MEBIBYTE} MB of memory"
                self._kill()
                return

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.door, signal.SIGKILL)

    def close(self) -> None:
        """End everything in the room, wait until it is gone, and remove what was shared. May be called again."""
        if self._over.is_set():
            return
        self._over.set()
        self._kill()
        select.select([self.door], [], [])  # the last process is gone when the first one is: the kernel sees to it
        self._watcher.join()  # it may be about to use the door, whose number can be another room's once it is closed
        os.close(self.door)
        self._keeper.communicate()
        shutil.rmtree(self.shared, ignore_errors=True)

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _way_to(path: Path) -> list[str]:
    """Options that make the folders on the way to a mount; those that bubblewrap makes are for its own user only."""
    return [option for above in reversed(path.parents[:-1]) for option in ("--dir", str(above))]


def _in_memory(content: bytes) -> IO[bytes]:
    file = os.fdopen(os.memfd_create("hipkit"), "w+b")
    file.write(content)
    file.flush()
    file.seek(0)
    return file


def _advice(reason: str) -> str:
    if "namespace" in reason or "uid map" in reason or "Operation not permitted" in reason:
        return (
            "This system does not let you make user namespaces. Ask its administrator to allow them (sysctl "
            "kernel.unprivileged_userns_clone=1 on Debian; an AppArmor profile for bwrap on Ubuntu), or grade in a "
            "virtual machine of your own. Inside a container they must be allowed from outside."
        )
    return INSTALL
