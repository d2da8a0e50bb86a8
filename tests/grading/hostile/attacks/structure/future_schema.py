# /// attack
# tries = "Says that its cells are of a format that nbgrader does not know yet."
# points = [0, 10]
# honest = true
# shows = ["honest"]
# ///


def submit(place):
    for test in place.tests():
        test.metadata.nbgrader["schema_version"] = 99
    place.save()
