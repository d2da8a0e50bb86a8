# /// attack
# tries = "Hands in an archive with an empty notebook in it that bears another student's name and a later date."
# points = [0, 10]
# honest = true
# ///

import zipfile

import nbformat


def submit(place):
    own = nbformat.v4.writes(place.notebook)
    place.notebook.cells = []
    place.notebook.metadata["who"] = place.bait["token"]
    slug = place.bait["slug"]
    later = zipfile.ZipInfo(f"{place.bait['peer']}_{slug}.ipynb", (2099, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(place.download("work.zip"), "w") as file:
        file.writestr(f"{slug}.ipynb", own)
        file.writestr(later, nbformat.v4.writes(place.notebook))
