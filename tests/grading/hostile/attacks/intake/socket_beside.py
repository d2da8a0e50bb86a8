# /// attack
# tries = "Hands in a right notebook and a socket beside it."
# points = 10
# honest = true
# shows = ["lost", "silent"]
# ///

import os
import socket


def submit(place):
    place.save()
    kept = os.getcwd()
    os.chdir(place.folder)  # a socket's path may not be long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("data.sock")
    os.chdir(kept)
