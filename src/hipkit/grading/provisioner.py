"""Starts a Jupyter kernel in a room of its own: a kernel provisioner that any nbgrader course can use.

    c.KernelProvisionerFactory.default_provisioner_name = "hipkit-room"

or, in a kernelspec, `"metadata": {"kernel_provisioner": {"provisioner_name": "hipkit-room"}}`. The kernel is a fork of
a warm process (`fork_server`) that has entered a room (`sandbox`). It and Jupyter's client talk over Unix sockets in a
folder that both see.
"""

import os
import select
import signal
import socket
import sys
from dataclasses import asdict
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Dict, List, Unicode

from hipkit.errors import KitError
from hipkit.grading.boundary import BoundaryError, receive, send
from hipkit.grading.fork_server import ONE_THREAD, fork
from hipkit.grading.sandbox import HOME, Limits, Room

START_SECONDS = 60
ENTRY = "hipkit.grading.room_kernel:become"
# What most notebooks of the course import.
PRELOAD = ("numpy", "pandas", "hipkit.grading.student_side")


class RoomProvisioner(KernelProvisionerBase):
    """Kernels in rooms, by warm start."""

    preload = List(Unicode(), PRELOAD, help="Modules that notebooks import; they are loaded once for all.").tag(
        config=True
    )
    limits = Dict(help="Bounds of a submission, by the names in hipkit.grading.sandbox.Limits.").tag(config=True)

    room: Room | None = None
    files: dict[str, bytes]  # what stands beside the notebook
    _process: int | None = None  # pidfd of the kernel

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.files = {}

    @property
    def has_process(self) -> bool:
        return self._process is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        manager = self.parent
        self.room = Room(self.files, Limits(**self.limits))
        manager.transport = "ipc"
        # Absolute: the kernel's working folder is another than ours.
        manager.connection_file = str(self.room.shared / "kernel.json")
        manager.ip = str(self.room.shared / "kernel")
        manager.write_connection_file()
        (self.room.shared / "kernel.json").chmod(0o600)
        if self.room.uid is not None:
            os.chown(self.room.shared / "kernel.json", self.room.uid, self.room.uid)
        self.connection_info = manager.get_connection_info()
        # Nobody comes back to this kernel's history; In, Out and %history have it all the same.
        arguments = [
            "-f",
            manager.connection_file,
            "--HistoryManager.enabled=False",
            *kwargs.pop("extra_arguments", []),
        ]
        return await super().pre_launch(cmd=arguments, **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        allowed = {name: value for name, value in os.environ.items() if name in ("NBGRADER_EXECUTION", "TZ")}
        env = {
            "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
            "HOME": HOME,
            "LANG": "C.UTF-8",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "IPYTHONDIR": "/tmp/ipython",
            "JUPYTER_RUNTIME_DIR": "/tmp",
            **ONE_THREAD,
            **allowed,
        }
        order = {"uid": self.room.uid, "limits": asdict(self.room.limits), "home": HOME, "arguments": cmd, "env": env}
        here, there = socket.socketpair()
        with here:
            with there:
                fork(ENTRY, tuple(self.preload), there.fileno(), self.room.door)
            here.settimeout(START_SECONDS)
            try:
                send(here, order)
                if trouble := receive(here):
                    raise KitError(f"The kernel ended before it was ready:\n{trouble}")
                _, (self._process,), _, _ = socket.recv_fds(here, 1, 1)
                self.room.seal()
                send(here, "go")
            # The last: it ended just before its descriptor came.
            except (OSError, EOFError, BoundaryError, ValueError) as error:
                reason = str(error) or "it ended"
                raise KitError(f"No kernel could be put into a room ({reason}). Run the command again.") from error
        return self.connection_info

    async def poll(self) -> int | None:
        if self._process is None:
            return 0
        ended, _, _ = select.select([self._process], [], [], 0)
        return 1 if ended else None

    async def wait(self) -> int | None:
        if self._process is not None:
            select.select([self._process], [], [])
            os.close(self._process)
            self._process = None
        return 0

    async def send_signal(self, signum: int) -> None:
        if self._process is not None and await self.poll() is None:
            signal.pidfd_send_signal(self._process, signum)

    async def kill(self, restart: bool = False) -> None:
        if self.room is not None:
            self.room.close()

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        if self.room is not None:
            self.room.close()
            self.room = None
        await self.wait()  # where the kernel ended by itself, Jupyter has not
