# /// attack
# tries = "Computes without end, and has to be stopped."
# points = [0, 10]
# honest = true
# obtains = {seconds = 100}
# ///
# %% before count
import time

end = time.monotonic() + 100
while time.monotonic() < end:
    pass
