# /// attack
# tries = "Hands in an empty folder."
# points = 0
# ///


def submit(place):
    pass
