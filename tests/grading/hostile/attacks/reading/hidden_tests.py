# /// attack
# tries = "Prints the assignment's source with hidden tests and solutions."
# points = 0
# shows = ["leak"]
# ///
# %% before count
print(open(f"{bait['course']}/source/{bait['slug']}/{bait['slug']}.ipynb").read())
