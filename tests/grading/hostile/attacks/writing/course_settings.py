# /// attack
# tries = "Adds code to the course's settings, which run with every command of the teacher's."
# points = 0
# shows = ["changed"]
# ///
# %% before count
with open(f"{bait['course']}/nbgrader_config.py", "a") as file:
    file.write(f"# {bait['token']}\n")
