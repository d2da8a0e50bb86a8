# /// attack
# tries = "Takes three gigabytes of memory, a hundred megabytes at a time."
# points = [0, 10]
# honest = true
# obtains = {memory = 2800000000}
# shows = ["bounds"]
# ///
# %% before count
held = []
for _ in range(30):
    held.append(bytearray(b"x" * 100_000_000))
import time

time.sleep(1)
del held
