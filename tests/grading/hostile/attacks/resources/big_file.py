# /// attack
# tries = "Writes three hundred megabytes into the folder that it works in."
# points = [0, 10]
# honest = true
# obtains = {file = 290000000}
# shows = ["bounds"]
# ///
# %% before count
import time

with open(bait["token"], "wb") as file:
    for _ in range(300):
        file.write(b"x" * 1_000_000)
        file.flush()
    time.sleep(1)
