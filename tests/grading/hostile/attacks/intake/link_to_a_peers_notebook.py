# /// attack
# tries = "Hands in a link to another student's notebook."
# points = 0
# shows = ["points", "leak"]
# ///


def submit(place):
    place.path.symlink_to(f"../../{place.bait['peer']}/{place.bait['slug']}/{place.bait['slug']}.ipynb")
