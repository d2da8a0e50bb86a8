# /// attack
# tries = "Unlocks the tests and empties them."
# points = 0
# ///


def submit(place):
    for test in place.tests():
        test.metadata.nbgrader["locked"] = False
        test.source = "assert True"
    place.save()
