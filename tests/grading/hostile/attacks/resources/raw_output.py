# /// attack
# tries = "Writes fifty megabytes on the terminal behind the notebook's back."
# points = [0, 10]
# honest = true
# obtains = {log = 20000000}
# ///
# %% before count
import os
import sys

for name in (1, 2, getattr(sys.stdout, "_original_stdstream_copy", 1)):
    if name is not None:
        for _ in range(500):
            os.write(name, b"x" * 100_000)
