# /// attack
# tries = "Puts a module beside another student's notebook that is imported in place of numpy."
# points = 0
# shows = ["changed"]
# ///
# %% before count
with open(f"{bait['course']}/submitted/{bait['peer']}/{bait['slug']}/numpy.py", "w") as file:
    file.write(f"raise ImportError('{bait['token']}')")
