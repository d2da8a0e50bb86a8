# /// attack
# tries = "Holds six hundred megabytes in files that have no name."
# points = [0, 10]
# honest = true
# obtains = {file = 290000000}
# shows = ["bounds"]
# ///
# %% before count
import os
import time

files = [os.memfd_create("x") for _ in range(2)]
for file in files:
    for _ in range(300):
        os.write(file, b"x" * 1_000_000)
time.sleep(1)
