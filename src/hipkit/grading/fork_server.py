"""A process with libraries loaded that forks one process for each piece of work: a warm start.

It does no work itself and reads no order: what it is sent is the two ends of a conversation with the fork, as
descriptors. So nothing of one piece of work is in the memory of the next.
"""

import contextlib
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from hipkit.errors import KitError
from hipkit.grading.boundary import receive

# The threads of a numerical library would keep a fork from being confined, and cost more than they give here.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
MOST_DESCRIPTORS = 4
# What every process needs of its environment; the teacher's is for no student to see.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a kernel's debugger would say at each start that nobody debugs it
    **ONE_THREAD,
}


_lines: dict[str, socket.socket] = {}
_starting = threading.Lock()


def line_to(entry: str, preload: tuple[str, ...]) -> socket.socket:
    """The line to the fork server for an entry: one that `adopt` was given, or that of a server started at first call.

    Args:
        entry: "module:function" that a fork calls with the descriptors it was sent. Where the module has a function
            `fork_for`, that makes the fork.
        preload: names of modules that the server loads.
    """
    with _starting:
        if entry not in _lines:
            _lines[entry] = _start(entry, preload)
        return _lines[entry]


def _start(entry: str, preload: tuple[str, ...]) -> socket.socket:
    """Start a fork server, which ends when nobody holds its line any more."""
    here, there = socket.socketpair()
    with there:
        subprocess.Popen(
            [sys.executable, "-P", "-m", "hipkit.grading.fork_server", str(there.fileno()), entry, *preload],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[there.fileno()],
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,  # Ctrl-C on the terminal is for the program that grades
        )
    return here


def adopt(entry: str, number: int) -> None:
    """Use another process's fork server, by a descriptor of its line, instead of starting one."""
    _lines[entry] = socket.socket(fileno=number)


def fork(entry: str, preload: tuple[str, ...], *descriptors: int) -> None:
    """Have a process forked that calls an entry with copies of these descriptors.

    Raises:
        KitError: the fork server is gone.
    """
    try:
        socket.send_fds(line_to(entry, preload), [b"."], list(descriptors))
    except OSError as error:
        raise KitError(f"A process that grading needs has ended ({error}). Run the command again.") from error


class Fork:
    """A forked process at the other end of a line, `line`; it sends its process id as the first frame.

    Args:
        entry, preload: as for `fork`; the entry gets its end of the line first.
        descriptors: what it gets besides.
    """

    def __init__(self, entry: str, preload: tuple[str, ...], *descriptors: int) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            fork(entry, preload, theirs.fileno(), *descriptors)
        self._process = receive(self.line)
        self._ended = False

    def receive(self, deadline: float | None = None) -> object:
        """A frame; EOFError where the process has ended, TimeoutError where it has sent none by the deadline."""
        try:
            return receive(self.line, deadline)
        except EOFError:
            self._ended = True
            raise

    def end(self) -> None:
        """End the process, in whatever it is doing."""
        # While it holds the line it is there, so that its number is nobody else's.
        if not self._ended:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
        self._ended = True
        self.line.close()


def serve(number: int, entry: Callable[..., None], fork_for: Callable[..., int]) -> None:
    """Fork for what comes over the socket with this number, until the other end closes it.

    Args:
        number: the socket.
        entry: called in each fork, with the descriptors that came for it.
        fork_for: called with them to make the fork, and returns as `os.fork` does.
    """
    with socket.socket(fileno=number) as line:
        _adopt_orphans()
        # Nobody waits for children here: they are gone as soon as they end.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        # What is here is shared by all forks; the collector would only copy it into each.
        gc.collect()
        gc.freeze()
        while True:
            message, descriptors, _, _ = socket.recv_fds(line, 1, MOST_DESCRIPTORS)
            if not message:
                return
            forked = None
            with contextlib.suppress(OSError):  # whoever asked finds the line closed
                forked = fork_for(*descriptors)
            if forked == 0:
                try:
                    gc.enable()
                    _close_others(descriptors)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    entry(*descriptors)
                except BaseException:  # this half of the fork must not go on in the loop
                    traceback.print_exc()
                    os._exit(1)
                os._exit(0)
            for descriptor in descriptors:
                os.close(descriptor)


def _adopt_orphans() -> None:
    """Where the system has it (Linux), become the parent of all descendants whose own parent ends.

    Without root, a kernel's parent is the half of a fork that stays outside its room and ends. Elsewhere than here, the
    room would wait for the machine's init to take notice of the kernel's end.
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
    gc.disable()  # a quarter of the time that loading takes; what is loaded stays
    for name in preload:
        importlib.import_module(name)
    name, _, function = entry.partition(":")
    module = importlib.import_module(name)
    serve(int(number), getattr(module, function), getattr(module, "fork_for", lambda *descriptors: os.fork()))


if __name__ == "__main__":
    main(*sys.argv[1:])
