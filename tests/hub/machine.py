"""A private view of this machine (machine.sh): whether it can be had, how to enter it, whether it is gone."""

import os
import shutil
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

# In namespaces of its own, and ended by the system when whoever started it ends, however that happens.
PRIVATELY = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private"]
PRIVATELY += ["--pid", "--fork", "--kill-child", "--mount-proc"]
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def missing() -> str | None:
    """What this machine lacks for the hub, as a sentence; None when it can be tried."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "The hub starts servers for several accounts, so it needs root on Linux; it was not tried here."
    needed = ("setpriv", "unshare", "mount", "useradd", "node", "npm")
    lacking = [tool for tool in needed if shutil.which(tool, path=PATH) is None]
    return f"There is no {' and no '.join(lacking)} here, so the hub was not tried. Install it." if lacking else None


def free_ports(number: int) -> list[int]:
    """Ports of 127.0.0.1 on which nobody listens."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def pid_namespace(pid: int) -> str:
    """The PID namespace of a process."""
    return str(Path(f"/proc/{pid}/ns/pid").readlink())


def assert_empty(namespace: str) -> None:
    """Fail when a process of the PID namespace is still there after ten seconds."""
    give_up = time.monotonic() + 10
    while left := [process for process in psutil.process_iter() if _is_in(process, namespace)]:
        assert time.monotonic() < give_up, f"still running: {left}"
        time.sleep(0.1)


def _is_in(process: psutil.Process, namespace: str) -> bool:
    try:
        return pid_namespace(process.pid) == namespace
    except OSError:  # it has ended meanwhile
        return False
