# /// attack
# tries = "Hands in a named pipe, from which nobody ever reads an end."
# points = 0
# shows = ["batch"]
# ///

import os


def submit(place):
    os.mkfifo(place.path)
