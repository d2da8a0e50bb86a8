# /// attack
# tries = "Reads all that it finds above and beside the folder that it works in."
# points = 0
# shows = ["leak"]
# ///
# %% before count
from pathlib import Path

for folder in (Path.cwd(), *list(Path.cwd().parents)[:4]):
    for file in sorted(folder.glob("*"))[:200]:
        if file.is_file() and file.stat().st_size < 1_000_000:
            print(file.read_bytes())
for file in Path(bait["course"]).rglob("*"):
    if file.is_file() and bait["me"] not in str(file) and file.stat().st_size < 1_000_000:
        print(file.read_bytes())
