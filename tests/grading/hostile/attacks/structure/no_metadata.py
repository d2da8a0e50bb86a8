# /// attack
# tries = "Takes all of nbgrader's metadata out of the notebook."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///


def submit(place):
    for cell in place.notebook.cells:
        cell.metadata.pop("nbgrader", None)
    place.save()
