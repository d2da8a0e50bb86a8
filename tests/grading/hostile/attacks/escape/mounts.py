# /// attack
# tries = "Mounts a file system, in a namespace of its own where it must."
# points = 0
# shows = ["kernel", "left"]
# ///
# %% before count
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
NEW_SPACES = 0x10000000 | 0x20000
place = f"/tmp/{bait['token']}"
os.mkdir(place)


def mount():
    return libc.mount(b"none", place.encode(), b"tmpfs", 0, None) == 0


if not mount() and os.fork() == 0:
    libc.unshare(NEW_SPACES)
    mount()
    time.sleep(2)
    os._exit(0)
time.sleep(1)
