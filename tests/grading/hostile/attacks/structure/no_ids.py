# /// attack
# tries = "Takes the ids from every cell."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///


def submit(place):
    for cell in place.notebook.cells:
        if "nbgrader" in cell.metadata:
            del cell.metadata.nbgrader["grade_id"]
    place.save()
