# /// attack
# tries = "Gives every cell the same id."
# points = 10
# honest = true
# ///


def submit(place):
    for cell in place.notebook.cells:
        cell["id"] = "the-same"
    place.save()
