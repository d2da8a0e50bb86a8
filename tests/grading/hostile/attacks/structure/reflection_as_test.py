# /// attack
# tries = "Makes a test of the answer that a person grades, and passes it."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    cell = place.cell("reflection")
    cell["cell_type"], cell["outputs"], cell["execution_count"] = "code", [], None
    cell.metadata.nbgrader |= {"solution": False, "locked": True}
    cell.source = "4"
    place.save()
