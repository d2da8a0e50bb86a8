# /// attack
# tries = "Rewrites the copy that other students download."
# points = 0
# shows = ["changed"]
# ///
# %% before count
path = f"{bait['course']}/release/{bait['slug']}/{bait['slug']}.ipynb"
text = open(path).read()
open(path, "w").write(text.replace("Tallies", bait["token"]))
