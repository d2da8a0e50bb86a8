# /// attack
# tries = "Gives its cells nbgrader ids that close the attribute in which they stand."
# points = [0, 10]
# honest = true
# shows = ["silent", "ungraded"]
# ///

from nbformat.v4 import new_code_cell, new_markdown_cell


def submit(place):
    close = f'"><script>{place.bait["script"]}</script><p id="'
    made = {"grade": True, "locked": False, "points": 1, "schema_version": 3, "solution": True, "task": False}
    place.notebook.cells.append(new_markdown_cell("x", metadata={"nbgrader": made | {"grade_id": close}}))
    place.notebook.cells.append(new_code_cell("x", metadata={"nbgrader": made | {"grade_id": close + "2"}}))
    place.save()
