# /// attack
# tries = "Rewrites the tests in the assignment's source."
# points = 0
# shows = ["changed"]
# ///
# %% before count
import json

path = f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb"
source = json.load(open(path))
for cell in source["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade"):
        cell["source"] = f"True  # {bait['token']}"
json.dump(source, open(path, "w"))
