# /// attack
# tries = "Hands in text with half a character in it, which cannot be written in any encoding."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///

import nbformat


def submit(place):
    text = nbformat.v4.writes(place.notebook)
    place.path.write_text(text.replace("# Tallies", "# \\ud83d Tallies"))
