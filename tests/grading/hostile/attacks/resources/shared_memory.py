# /// attack
# tries = "Fills the memory that processes share with three hundred megabytes."
# points = [0, 10]
# honest = true
# obtains = {file = 290000000}
# shows = ["bounds", "left"]
# ///
# %% before count
import time

with open("/dev/shm/" + bait["token"], "wb") as file:
    for _ in range(300):
        file.write(b"x" * 1_000_000)
        file.flush()
    time.sleep(1)
