# /// attack
# tries = "Runs another student's answers as its own."
# points = 0
# shows = ["points", "leak"]
# ///
# %% before count
import json

peer = json.load(open(f"{bait['course']}/submitted/{bait['peer']}/{bait['slug']}/{bait['slug']}.ipynb"))
print(json.dumps(peer))
answers = [cell for cell in peer["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
# %% count
exec("".join(answers[0]["source"]))
# %% longest
exec("".join(answers[1]["source"]))
# %% share
exec("".join(answers[2]["source"]))
# %% noisy
exec("".join(answers[3]["source"]))
