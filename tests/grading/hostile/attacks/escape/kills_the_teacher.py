# /// attack
# tries = "Kills a process of the teacher's that has nothing to do with grading."
# points = [0, 10]
# honest = true
# shows = ["killed"]
# ///
# %% before count
import os
import signal

os.kill(bait["pid"], signal.SIGKILL)
