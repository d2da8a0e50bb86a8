# /// attack
# tries = "Invents tests that are worth much and that it passes."
# points = 0
# ///

from nbformat.v4 import new_code_cell


def submit(place):
    for name in ("bonus", "extra-test", "count-test-2"):
        made = {"grade": True, "grade_id": name, "locked": True, "points": 50, "schema_version": 3, "solution": False}
        place.notebook.cells.append(new_code_cell("assert True", metadata={"nbgrader": made | {"task": False}}))
    place.save()
