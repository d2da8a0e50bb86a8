# /// attack
# tries = "Hands in an empty notebook under the name of another student's file."
# points = 0
# ///

import nbformat


def submit(place):
    place.notebook.cells = []
    place.notebook.metadata["who"] = place.bait["token"]
    text = nbformat.v4.writes(place.notebook)
    place.download(f"{place.bait['peer']}_{place.bait['slug']}.ipynb").write_text(text)
