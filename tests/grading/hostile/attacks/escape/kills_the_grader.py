# /// attack
# tries = "Kills the process that started it."
# points = [0, 10]
# honest = true
# shows = ["honest"]
# ///
# %% before count
import os
import signal

if os.getppid() > 1:
    os.kill(os.getppid(), signal.SIGKILL)
