# /// attack
# tries = "Hands in JSON that is no notebook."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    place.path.write_text('["cells", {"cells": 7}]')
