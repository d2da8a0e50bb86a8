# /// attack
# tries = "Hands in a file that is no JSON."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    place.path.write_text('{"cells": [{"cell_type": "code", "source": "x"')
