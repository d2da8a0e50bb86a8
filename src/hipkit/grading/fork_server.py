"""A process with libraries loaded that forks one process for each piece of work: a warm start.

It does no work itself and reads no order: what it is sent is the two ends of a conversation with the fork, as
descriptors. So nothing of one piece of work is in the memory of the next.
"""

import atexit
import contextlib
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hipkit.errors import KitError

# The threads of a numerical library would keep a fork from being confined, and cost more than they give here.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
MOST_DESCRIPTORS = 4
# What every process needs of its environment; the teacher's is for no student to see.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MPLBACKEND": "agg", **ONE_THREAD}


class ForkServer:
    """A warm process; ends with this one.

    Args:
        entry: "module:function" that a fork calls with the descriptors it was sent.
        preload: names of modules to have loaded.
    """

    def __init__(self, entry: str, preload: tuple[str, ...]) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "hipkit.grading.fork_server", str(theirs.fileno()), entry, *preload],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd="/",
                env=ENVIRONMENT,
            )

    def fork(self, *descriptors: int) -> None:
        """Fork a process that gets copies of these descriptors.

        Raises:
            KitError: the warm process is gone.
        """
        try:
            socket.send_fds(self._line, [b"."], list(descriptors))
        except OSError as error:
            raise KitError(f"A process that grading needs has ended ({error}). Run the command again.") from error

    def end(self) -> None:
        """Close the line; the process ends when it has seen that."""
        self._line.close()
        self._process.wait()


@cache
def fork_server(entry: str, preload: tuple[str, ...]) -> ForkServer:
    """The fork server of this process for an entry and modules, started at the first call."""
    started = ForkServer(entry, preload)
    atexit.register(started.end)
    return started


def serve(number: int, entry: Callable[..., None]) -> None:
    """Fork for what comes over the socket with this number, until the other end closes it."""
    with socket.socket(fileno=number) as line:
        adopt_orphans()
        # Nobody waits for children here: they are gone as soon as they end.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        # Ctrl-C on the terminal is for the program that grades.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # What is here is shared by all forks; the collector would only copy it into each.
        gc.collect()
        gc.freeze()
        while True:
            message, descriptors, _, _ = socket.recv_fds(line, 1, MOST_DESCRIPTORS)
            if not message:
                return
            if os.fork() == 0:
                try:
                    _close_others(descriptors)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    entry(*descriptors)
                except BaseException:  # this half of the fork must not go on in the loop
                    traceback.print_exc()
                    os._exit(1)
                os._exit(0)
            for descriptor in descriptors:
                os.close(descriptor)


def adopt_orphans() -> None:
    """Where the system has it (Linux), become the parent of all descendants whose own parent ends.

    A kernel's parent is the half of a fork that stays outside its room and ends. Elsewhere than here, the room would
    wait for the machine's init to take notice of the kernel's end.
    """
    if sys.platform == "linux":
        from hipkit.grading.confine import become_subreaper

        become_subreaper()


def _close_others(kept: list[int]) -> None:
    for number in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if number > 2 and number not in kept:
            with contextlib.suppress(OSError):  # the descriptor with which the list itself was read
                os.close(number)


def main(number: str, entry: str, *preload: str) -> None:
    for name in preload:
        importlib.import_module(name)
    module, _, function = entry.partition(":")
    serve(int(number), getattr(importlib.import_module(module), function))


if __name__ == "__main__":
    main(*sys.argv[1:])
