# /// attack
# tries = "Makes twenty thousand empty files in the folder that it works in."
# points = [0, 10]
# honest = true
# obtains = {files = 19000}
# shows = ["bounds"]
# ///
# %% before count
import os

os.mkdir("many")
for number in range(20_000):
    open(f"many/{number}", "w").close()
