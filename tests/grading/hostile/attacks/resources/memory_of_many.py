# /// attack
# tries = "Takes three gigabytes of memory with twelve processes."
# points = [0, 10]
# honest = true
# obtains = {together = 2800000000}
# shows = ["bounds"]
# ///
# %% before count
import subprocess
import sys
import time

code = "import time; held = bytearray(b'x' * 250_000_000); time.sleep(4)"
for _ in range(12):
    subprocess.Popen([sys.executable, "-c", code, bait["token"]])
time.sleep(4)
