"""What a fork does to become a student's kernel: enter a room, open Jupyter's sockets, wait for the word, and go on.

No byte of the student's is read before the room is entered.
"""

import importlib
import os
import random
import signal
import socket
import sys
import traceback
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from hipkit.grading.boundary import receive, send
from hipkit.grading.confine import enter, fork_into, rules
from hipkit.grading.sandbox import Limits

# What a kernel loads when it starts, loaded before the fork; the debugger alone is two thirds of the time.
for _name in (
    "faulthandler",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "sqlite3",
    "tornado.platform.asyncio",
):
    importlib.import_module(_name)
rules()  # built once
READY = b"r"


def fork_for(number: int, door: int) -> int:
    """Fork; as root, the fork is in the room's list of processes from its first moment."""
    return fork_into(door) if os.geteuid() == 0 else os.fork()


def become(number: int, door: int) -> None:
    """Be a kernel as the order says that comes over the socket `number`, in the room behind `door`."""
    with socket.socket(fileno=number) as line:
        try:
            kernel = _open(receive(line), door)
        except BaseException:  # told to who asked, as long as nothing of the student's has run
            send(line, traceback.format_exc())
            return
        send(line, "")
        # Outside, this process has another id than inside; this descriptor means the same on both sides.
        myself = os.pidfd_open(os.getpid())
        socket.send_fds(line, [READY], [myself])
        os.close(myself)
        if receive(line) != "go":
            return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    kernel.start()


def _open(order: dict[str, Any], door: int) -> IPKernelApp:
    enter(door, order["uid"], Limits(**order["limits"]))
    os.close(door)
    os.chdir(order["home"])
    os.environ.clear()
    os.environ.update(order["env"])
    nothing = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.close(nothing)
    # Forks share the state of the random generators that were there before; each kernel shall have its own.
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    sys.argv = ["ipykernel_launcher", *order["arguments"]]
    sys.path.insert(0, "")
    kernel = IPKernelApp.instance()
    kernel.initialize(sys.argv[1:])
    return kernel
