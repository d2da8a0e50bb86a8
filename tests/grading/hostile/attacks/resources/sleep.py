# /// attack
# tries = "Sleeps for ever."
# points = [0, 10]
# honest = true
# obtains = {seconds = 100}
# ///
# %% before count
import time

time.sleep(100)
