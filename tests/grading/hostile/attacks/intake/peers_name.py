# /// attack
# tries = "Hands in an archive with an empty notebook under another student's name."
# points = 0
# ///

import nbformat
import zipfile


def submit(place):
    place.notebook.cells = []
    place.notebook.metadata["who"] = place.bait["token"]
    with zipfile.ZipFile(place.archive("again.zip"), "w") as file:
        file.writestr(f"zoe_{place.bait['slug']}.ipynb", nbformat.v4.writes(place.notebook))
