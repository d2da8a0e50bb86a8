# /// attack
# tries = "Hands in a notebook with twenty thousand cells."
# points = [0, 10]
# honest = true
# obtains = {seconds = 120}
# ///

from nbformat.v4 import new_code_cell, new_markdown_cell


def submit(place):
    place.notebook.cells += [new_markdown_cell("More.") for _ in range(18_000)]
    place.notebook.cells += [new_code_cell("") for _ in range(2_000)]
    place.save()
