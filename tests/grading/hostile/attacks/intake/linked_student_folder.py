# /// attack
# tries = "Hands in a link to another student's folder in place of its own."
# points = 0
# shows = ["points", "leak"]
# ///


def submit(place):
    place.folder.rmdir()
    place.folder.symlink_to(f"../{place.bait['peer']}/{place.bait['slug']}")
