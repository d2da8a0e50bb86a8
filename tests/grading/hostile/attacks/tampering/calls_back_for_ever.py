# /// attack
# tries = "Calls the function that a test has passed again and again, and never returns."
# points = [8, 8]
# honest = true
# obtains = {seconds = 100}
# ///
# %% count
import time


def count_if(values, pick):
    end = time.monotonic() + 100
    while time.monotonic() < end:
        pick(1)
