# /// attack
# tries = "Hands in a notebook of two hundred megabytes."
# points = [0, 10]
# honest = true
# obtains = {kept = 150000000}
# shows = ["bounds"]
# ///

from nbformat.v4 import new_markdown_cell


def submit(place):
    place.notebook.cells.append(new_markdown_cell("x" * 200_000_000))
    place.save()
