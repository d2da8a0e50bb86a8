# /// attack
# tries = "Writes something else where nbgrader has its metadata."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///


def submit(place):
    odd_ones = ["yes", 7, [1], {"grade": "no"}, None, {"grade_id": ["a"]}]
    for cell, odd in zip(place.notebook.cells, odd_ones, strict=False):
        cell.metadata["nbgrader"] = odd
    place.save()
