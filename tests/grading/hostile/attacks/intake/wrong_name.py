# /// attack
# tries = "Hands in a right notebook under another name."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.save()
    place.path.rename(place.folder / "homework.ipynb")
