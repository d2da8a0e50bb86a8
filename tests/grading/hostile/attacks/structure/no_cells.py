# /// attack
# tries = "Hands in a notebook without cells."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    place.notebook.cells = []
    place.save()
