# /// attack
# tries = "Waits in a thread until the tests run and then changes what they compare with."
# points = [0, 2]
# shows = ["silent", "ungraded"]
# ///
# %% before count
import builtins
import threading
import time
import numpy


def later():
    for _ in range(2_000):
        time.sleep(0.005)
        main = globals()
        main["drawn"] = range(2000)
        main["points"] = 3
        builtins.len = lambda value: 5_000
        numpy.mean = lambda *arguments: 3.0


threading.Thread(target=later, daemon=True).start()


# %% noisy
def noisy(count, scale, rng):
    return count


# %% share
def share_above(values, limit):
    return 0.5
