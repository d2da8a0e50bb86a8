# /// attack
# tries = "Reads the course's settings, with what the teacher keeps in them."
# points = 0
# shows = ["leak"]
# ///
# %% before count
print(open(f"{bait['course']}/nbgrader_config.py").read())
