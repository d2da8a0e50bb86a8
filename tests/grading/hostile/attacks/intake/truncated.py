# /// attack
# tries = "Hands in the first half of a notebook."
# points = 0
# honest = true
# shows = ["ungraded"]
# ///

import nbformat


def submit(place):
    text = nbformat.v4.writes(place.notebook)
    place.path.write_text(text[: len(text) // 2])
