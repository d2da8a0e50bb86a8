# /// attack
# tries = "Replaces the work of a student who is graded later."
# points = 0
# shows = ["honest", "changed"]
# ///
# %% before count
import json

path = f"{bait['course']}/submitted/{bait['peer']}/{bait['slug']}/{bait['slug']}.ipynb"
peer = json.load(open(path))
for cell in peer["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("solution"):
        cell["source"] = "pass"
json.dump(peer, open(path, "w"))
