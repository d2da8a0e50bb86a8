# /// attack
# tries = "Hands in a second notebook with the same cells, solved, beside an unsolved one."
# points = 0
# ///


def submit(place):
    place.save()
    for name, text in place.right.items():
        place.cell(name).source = text
    place.save()
    place.path.rename(place.folder / "better.ipynb")
    for name in place.right:
        place.cell(name).source = "pass"
    place.save()
