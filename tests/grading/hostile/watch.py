"""Looks at the attacks' processes, and at the grader's, from outside while a grader works. Linux: it reads /proc."""

import contextlib
import os
import stat
import threading
from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
# Doors into the kernel that are seen as descriptors of a process that has opened them.
DOORS = {
    "anon_inode:[perf_event]": "performance events",
    "anon_inode:bpf-prog": "a BPF program",
    "anon_inode:[io_uring]": "io_uring",
    "anon_inode:[userfaultfd]": "userfaultfd",
}


class Watch(threading.Thread):
    """Samples every process that bears a token in its name or command line, until `stop`.

    Args:
        tokens: those to look for.
        seconds: between two samples.

    Attributes:
        peaks: token -> measure -> the most that was seen at once: `processes`, `threads`, `memory` (resident bytes of
            one process), `together` (of all of them, summed), `descriptors` (of one process), `file` (bytes of one
            open file), `cpu` (seconds of one process).
        grader: the most resident bytes that one of this process's descendants without a token held.
        seen: token -> what else was seen: doors into the kernel, mounts and roots of its own.
    """

    def __init__(self, tokens: list[str], seconds: float = 0.1) -> None:
        super().__init__(daemon=True)
        self._tokens, self._seconds = tokens, seconds
        self.peaks: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.seen: dict[str, set[str]] = defaultdict(set)
        self.grader = 0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self._seconds):
            self._sample()

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _sample(self) -> None:
        now: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        attacks = bearers(self._tokens)
        for pid in descendants(os.getpid()) - {int(pid) for pid, _ in attacks}:
            with contextlib.suppress(OSError):
                self.grader = max(self.grader, resident(pid))
        for pid, token in attacks:
            found = now[token]
            with contextlib.suppress(OSError):  # it has just ended
                found["processes"] += 1
                fields = (PROC / pid / "stat").read_text().rpartition(")")[2].split()
                found["cpu"] = max(found["cpu"], (int(fields[11]) + int(fields[12])) / TICKS)
                found["threads"] += int(fields[17])
                found["memory"] = max(found["memory"], resident(pid))
                found["together"] += resident(pid)
                self._look_at_descriptors(pid, token, found)
                self._look_at_places(pid, token)
        for token, found in now.items():
            for measure, value in found.items():
                self.peaks[token][measure] = max(self.peaks[token][measure], value)

    def _look_at_descriptors(self, pid: str, token: str, found: dict[str, float]) -> None:
        descriptors = list((PROC / pid / "fd").iterdir())
        found["descriptors"] = max(found["descriptors"], len(descriptors))
        if len(descriptors) > 200:  # those are counted, not looked at
            return
        for one in descriptors:
            with contextlib.suppress(OSError):
                if door := DOORS.get(str(one.readlink())):
                    self.seen[token].add(door)
                status = one.stat()
                if stat.S_ISREG(status.st_mode):
                    found["file"] = max(found["file"], status.st_size)

    def _look_at_places(self, pid: str, token: str) -> None:
        if token in str((PROC / pid / "root").readlink()):
            self.seen[token].add("a root folder of its own")
        if token in (PROC / pid / "mountinfo").read_text():
            self.seen[token].add("a mount of its own")


def resident(pid: int | str) -> int:
    """The resident bytes of a process."""
    return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE


def bearers(tokens: list[str]) -> list[tuple[str, str]]:
    """Every process that bears one of the tokens: its process id and the token."""
    found = []
    for one in PROC.iterdir():
        if one.name.isdecimal():
            with contextlib.suppress(OSError):
                said = (one / "comm").read_text() + (one / "cmdline").read_text(errors="replace")
                found += [(one.name, token) for token in tokens if token in said][:1]
    return found


def descendants(ancestor: int) -> set[int]:
    """The process ids of all that descend from a process."""
    parents = {}
    for one in PROC.iterdir():
        if one.name.isdecimal():
            with contextlib.suppress(OSError):
                parents[int(one.name)] = int((one / "stat").read_text().rpartition(")")[2].split()[1])
    found, new = set(), {ancestor}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found
        found |= new
    return found
