# /// attack
# tries = "Hands in a right notebook and a named pipe beside it."
# points = 10
# honest = true
# shows = ["lost", "silent"]
# ///

import os


def submit(place):
    place.save()
    os.mkfifo(place.folder / "data.txt")
