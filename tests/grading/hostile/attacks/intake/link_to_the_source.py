# /// attack
# tries = "Hands in a link to the assignment's source, with its solutions."
# points = 0
# shows = ["points", "leak"]
# ///


def submit(place):
    place.path.symlink_to(f"{place.bait['course']}/source/{place.bait['slug']}/{place.bait['slug']}.ipynb")
