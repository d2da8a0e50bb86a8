"""How a process enters a room and gives up, for good, what it does not need there.

It is done in a process that was forked for one kernel, with one thread, before it has read a byte of the student's: it
joins the room's namespaces, bounds itself, becomes another user, and gives up every capability, the way to new ones
(no_new_privs) and the system calls below. Manual pages: setns(2), capabilities(7), seccomp(2), getrlimit(2).
"""

import ctypes
import errno
import os
import resource
from functools import cache
from pathlib import Path

import pyseccomp

from hipkit.grading.sandbox import Limits

LIBC = ctypes.CDLL(None, use_errno=True)
# Flags of setns(2), by sched.h: mounts, cgroups, host names, messages between processes, process ids, network; users.
NEW_MOUNTS, NEW_CGROUP, NEW_UTS, NEW_IPC, NEW_PID, NEW_NET = 1 << 17, 1 << 25, 1 << 26, 1 << 27, 1 << 29, 1 << 30
NEW_USER = 1 << 28
# Operations of prctl(2), by linux/prctl.h.
CAPBSET_DROP, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS, CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL = 24, 36, 38, 47, 4
CAPABILITY_VERSION_3 = 0x20080522
# What no notebook needs, and what ways out of such rooms have begun with.
REFUSED = {
    "roots": "chroot pivot_root",
    "mounts": "fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree umount2",
    "namespaces": "setns unshare",
    "files by handle, past the mounts": "name_to_handle_at open_by_handle_at",
    "other processes": "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace",
    "the kernel": "bpf delete_module finit_module init_module kexec_file_load kexec_load perf_event_open userfaultfd",
    "keys of the kernel": "add_key keyctl request_key",
    "input and output that no filter sees": "io_uring_enter io_uring_register io_uring_setup",
    "the machine": "acct ioperm iopl quotactl quotactl_fd reboot swapoff swapon syslog vhangup",
    "memory that no bound counts": "memfd_create memfd_secret shmget",
    "names": "sethostname setdomainname",
    "clocks": "adjtimex clock_adjtime clock_settime settimeofday",
    "old behaviour and other memory": "lookup_dcookie mbind migrate_pages move_pages personality set_mempolicy uselib",
    "watching files": "fanotify_init",
}
UNIX, INTERNET, INTERNET6, NETLINK = 1, 2, 10, 16
NETLINK_ROUTE = 0
TERMINAL_INPUT = 0x5412  # ioctl TIOCSTI: typing into the terminal of whoever started this


def fork_into(door: int) -> int:
    """As `os.fork`, with the child in the list of processes of the room behind `door`. Takes root.

    Only a child can join such a list. That the next children shall stays said in this process until it says otherwise,
    so it must make no other fork. The rest of the way into the room is the child's (`enter`).

    Raises:
        OSError: the room is gone, or no process can be had.
    """
    _check(LIBC.setns(door, NEW_PID))
    return os.fork()


def enter(door: int, uid: int | None, limits: Limits) -> None:
    """Enter the room behind `door`; to be called in a process with one thread, forked for this.

    Without root, `fork_into` cannot be had: then the process forks once more here, and only the child returns.

    Args:
        door: a pidfd of the room's first process.
        uid: the user to become, in a process made by `fork_into`; None where the room has a namespace of users.
        limits: what the process may use.

    Raises:
        OSError: a step was refused.
    """
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise OSError(errno.EBUSY, "a process with more threads than one cannot be confined")
    spaces = NEW_MOUNTS | NEW_CGROUP | NEW_UTS | NEW_IPC | NEW_NET
    if uid is None:
        _check(LIBC.setns(door, spaces | NEW_PID | NEW_USER))
        if os.fork():
            os._exit(0)
    else:
        _check(LIBC.setns(door, spaces))
    os.setsid()
    _bound(limits)
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        _check(LIBC.prctl(CAPBSET_DROP, capability, 0, 0, 0))
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _check(LIBC.prctl(CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
    header, nothing = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    _check(LIBC.capset(header, nothing))
    _check(LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    rules().load()


def become_subreaper() -> None:
    """Make this process the parent of all its descendants whose own parent ends."""
    _check(LIBC.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def _bound(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (most, most))


@cache
def rules() -> pyseccomp.SyscallFilter:
    """The filter of system calls: what is listed as refused answers that it is not permitted."""
    found = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in " ".join(REFUSED.values()).split():
        found.add_rule(refuse, name)
    masked = pyseccomp.MASKED_EQ
    found.add_rule(refuse, "clone", pyseccomp.Arg(0, masked, NEW_USER, NEW_USER))
    # Its flags stand in memory, where a filter cannot look; told that there is no such call, libraries use clone.
    found.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    found.add_rule(refuse, "ioctl", pyseccomp.Arg(1, masked, 0xFFFFFFFF, TERMINAL_INPUT))
    # Of the families of sockets, those that a library may use on its own; the room has no network anyway.
    for family in range(64):
        if family not in (UNIX, INTERNET, INTERNET6, NETLINK):
            found.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    # ZeroMQ asks for the network's interfaces; there is one, which leads nowhere.
    route = pyseccomp.Arg(2, pyseccomp.NE, NETLINK_ROUTE)
    found.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, NETLINK), route)
    return found


def _check(returned: int) -> None:
    if returned != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
