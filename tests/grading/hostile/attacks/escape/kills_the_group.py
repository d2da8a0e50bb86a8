# /// attack
# tries = "Ends the whole group of processes to which the one belongs that started it."
# points = [0, 10]
# honest = true
# shows = ["batch", "honest"]
# ///
# %% before count
import os
import signal

if os.getppid() > 1 and os.getpgid(os.getppid()) > 1:
    os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
