# /// attack
# tries = "Prints forty megabytes in few lines, on both streams."
# points = [0, 10]
# honest = true
# obtains = {kept = 20000000}
# shows = ["bounds"]
# ///
# %% before count
import sys

for _ in range(200):
    print("x" * 100_000)
    print("x" * 100_000, file=sys.stderr)
