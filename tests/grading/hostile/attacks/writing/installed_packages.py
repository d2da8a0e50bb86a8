# /// attack
# tries = "Leaves a file among the installed packages, where every Python of the teacher's finds it."
# points = 0
# shows = ["left"]
# ///
# %% before count
from pathlib import Path
import numpy

# A name that Python does not read: what could be put there shows, and does nothing.
Path(numpy.__file__).parents[1].joinpath(f"{bait['token']}.txt").touch()
