# /// attack
# tries = "Hands in a notebook in an old format."
# points = [0, 10]
# honest = true
# ///

import nbformat


def submit(place):
    place.path.write_text(nbformat.writes(place.notebook, version=3))
