"""A process with the libraries loaded, from which kernels are forked into rooms: a warm start.

It runs no student's code, ever: a kernel is a fork of it that has entered its room (`confine`) before it opens its
connection file, and its sockets are open, with nobody listening to them yet, when it waits for the word to go on. One
request over its Unix socket is one kernel.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from hipkit.grading.confine import adopt_orphans, enter, rules
from hipkit.grading.sandbox import Limits

# The threads of a numerical library would keep the process from being confined, and cost more than they give here.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
FORKED, BOUND, GO = b"forked", b"bound", b"go"
LINE = 65_536


def main(fd: int, preload: list[str]) -> None:
    """Serve requests on the connected socket `fd` until the other end closes it, then end."""
    with socket.socket(fileno=fd) as line:
        _load(preload)
        # A kernel's parent is the half of the fork that stays outside and ends. Adopted here, where nobody waits for
        # children, a kernel is gone as soon as it ends; init would take its time, and the room would wait for it.
        adopt_orphans()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C on the terminal is for the program that grades
        while True:
            message, descriptors, _, _ = socket.recv_fds(line, LINE, 2)
            if not message:
                return
            door, back = descriptors
            if os.fork() == 0:
                with socket.socket(fileno=back) as answer:  # SEQPACKET: what is sent at once is received at once
                    try:
                        kernel = _open_kernel(json.loads(message), door, answer)
                    except BaseException:  # told to who asked; this half of the fork must not go on in the loop
                        answer.send(traceback.format_exc().encode()[-LINE:])
                        os._exit(1)
                    if answer.recv(LINE) != GO:
                        os._exit(1)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                kernel.start()
                os._exit(0)
            os.close(door)
            os.close(back)


def _load(preload: list[str]) -> None:
    for name in ["ipykernel.ipkernel", "ipykernel.zmqshell", *preload]:
        importlib.import_module(name)
    rules()
    # What is here is shared by all kernels; the collector would only copy it into each.
    gc.collect()
    gc.freeze()


def _open_kernel(request: dict[str, Any], door: int, answer: socket.socket) -> IPKernelApp:
    """In the fork: enter the room and open the kernel's sockets, which nobody listens to yet."""
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if number > 2 and number not in (door, answer.fileno()):
            with contextlib.suppress(OSError):  # the descriptor with which the list itself was read
                os.close(number)
    if child := enter(door, request["uid"], Limits(**request["limits"])):
        # From outside its process id is another than inside, so the half that stays outside names it.
        socket.send_fds(answer, [FORKED], [os.pidfd_open(child)])
        os._exit(0)
    os.close(door)
    os.chdir(request["home"])
    os.environ.clear()
    os.environ.update(request["env"])
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.close(nothing)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _own_randomness()
    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    sys.path.insert(0, "")
    kernel = IPKernelApp.instance()
    kernel.initialize(sys.argv[1:])
    answer.send(BOUND)
    return kernel


def _own_randomness() -> None:
    """Forks share the state of the random generators that were there before; each kernel shall have its own."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].split(",") if sys.argv[2] else [])
