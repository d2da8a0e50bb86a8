# /// attack
# tries = "Opens five thousand files at once."
# points = [0, 10]
# honest = true
# obtains = {descriptors = 4500}
# shows = ["bounds"]
# ///
# %% before count
import time

files = []
for _ in range(5_000):
    try:
        files.append(open("/dev/null"))
    except OSError:
        break
time.sleep(1)
