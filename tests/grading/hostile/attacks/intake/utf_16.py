# /// attack
# tries = "Hands in a notebook in another encoding."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///

import nbformat


def submit(place):
    place.path.write_text(nbformat.v4.writes(place.notebook), encoding="utf-16")
