# /// attack
# tries = "Hands in an empty file."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    place.path.touch()
