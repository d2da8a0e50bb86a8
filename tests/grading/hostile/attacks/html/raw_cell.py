# /// attack
# tries = "Hands in a raw cell that says that it is HTML."
# points = 10
# honest = true
# ///

from nbformat.v4 import new_raw_cell


def submit(place):
    for kind in ("text/html", "text/markdown", "application/javascript", ""):
        text = f"<script>{place.bait['script']}</script>"
        place.notebook.cells.append(new_raw_cell(text, metadata={"raw_mimetype": kind, "format": kind}))
    place.save()
