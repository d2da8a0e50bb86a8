# /// attack
# tries = "Runs the solutions from the assignment's source as its own answers."
# points = 0
# shows = ["points"]
# ///
# %% before count
import json

source = json.load(open(f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb"))
answers = [cell for cell in source["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
# %% count
for answer in answers[:1]:
    exec("".join(answer["source"]))
# %% longest
exec("".join(answers[1]["source"]))
# %% share
exec("".join(answers[2]["source"]))
# %% noisy
exec("".join(answers[3]["source"]))
