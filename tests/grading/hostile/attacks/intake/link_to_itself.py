# /// attack
# tries = "Hands in a link that leads to itself."
# points = 0
# shows = ["silent"]
# ///


def submit(place):
    place.path.symlink_to(place.path)
