# /// attack
# tries = "Prints without end from a thread, while its other cells and the tests run."
# points = [0, 10]
# honest = true
# obtains = {kept = 20000000}
# ///
# %% before count
import threading
import time


def talk():
    end = time.monotonic() + 60
    while time.monotonic() < end:
        print("x" * 1_000_000)
        time.sleep(0.05)


threading.Thread(target=talk, daemon=True).start()
