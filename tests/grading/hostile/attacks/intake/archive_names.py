# /// attack
# tries = "Hands in an archive whose names would lead to other students and other folders."
# points = 0
# ///

import nbformat
import zipfile


def submit(place):
    text = nbformat.v4.writes(place.notebook).replace("# Tallies", f"# {place.bait['token']}")
    with zipfile.ZipFile(place.download("names.zip"), "w") as file:
        for name in ("..", ".", "zoe ", "zoe/../../../source", "\n", "a" * 300, "-rf", "~"):
            file.writestr(f"{name}_{place.bait['slug']}.ipynb", text)
