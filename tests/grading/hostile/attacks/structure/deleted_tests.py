# /// attack
# tries = "Deletes the tests."
# points = 10
# honest = true
# shows = ["ungraded", "lost"]
# ///


def submit(place):
    place.notebook.cells = [cell for cell in place.notebook.cells if cell not in place.tests()]
    place.save()
