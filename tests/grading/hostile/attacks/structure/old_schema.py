# /// attack
# tries = "Says that its cells are of nbgrader's first format."
# points = [0, 10]
# honest = true
# shows = ["honest"]
# ///


def submit(place):
    for test in place.tests():
        test.metadata.nbgrader["schema_version"] = 1
    place.save()
