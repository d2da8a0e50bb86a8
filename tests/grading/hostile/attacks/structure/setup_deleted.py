# /// attack
# tries = "Deletes the teacher's set-up cell."
# points = 10
# honest = true
# shows = ["lost"]
# ///


def submit(place):
    place.notebook.cells.remove(place.cell("setup"))
    place.save()
