# /// attack
# tries = "Writes on every stream that it can find while the tests run, so that others' tests have words on theirs."
# points = 10
# honest = true
# ///
# %% before count
import os
import sys

print("a warning", file=sys.stderr)
os.write(2, b"a warning")
os.write(1, b"a result")
