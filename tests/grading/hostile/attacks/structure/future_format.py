# /// attack
# tries = "Says that its notebook has a format that will be."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.notebook.nbformat_minor = 99
    place.save()
