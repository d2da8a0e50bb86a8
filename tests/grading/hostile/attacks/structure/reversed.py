# /// attack
# tries = "Turns the order of the cells round, tests first."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.notebook.cells.reverse()
    place.save()
