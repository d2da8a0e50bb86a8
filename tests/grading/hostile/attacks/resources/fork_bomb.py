# /// attack
# tries = "Starts two hundred processes that do nothing."
# points = [0, 10]
# honest = true
# obtains = {processes = 190}
# shows = ["bounds"]
# ///
# %% before count
import os
import time

for _ in range(200):
    try:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    except OSError:
        break
time.sleep(1)
