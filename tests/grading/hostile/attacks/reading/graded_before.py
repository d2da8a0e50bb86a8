# /// attack
# tries = "Reads what was written for students who were graded earlier; hidden tests stand in it."
# points = 0
# shows = ["leak"]
# ///
# %% before count
from pathlib import Path

for folder in ("autograded", "feedback"):
    for file in Path(bait["course"], folder).rglob("*.*"):
        if bait["me"] not in str(file):
            print(file.read_text())
