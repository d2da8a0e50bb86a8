# /// attack
# tries = "Reads the environment that it was started in."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import os
import subprocess

print(dict(os.environ))
print(subprocess.run(["env"], capture_output=True, text=True).stdout)
