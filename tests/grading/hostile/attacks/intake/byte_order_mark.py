# /// attack
# tries = "Hands in a notebook that begins with a byte order mark, as some editors save it."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///

import nbformat


def submit(place):
    place.path.write_text(nbformat.v4.writes(place.notebook), encoding="utf-8-sig")
