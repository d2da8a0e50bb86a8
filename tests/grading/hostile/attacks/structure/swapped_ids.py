# /// attack
# tries = "Swaps the ids of the tests, so that each is graded by another's."
# points = [0, 10]
# ///


def submit(place):
    tests = place.tests()
    names = [test.metadata.nbgrader["grade_id"] for test in tests]
    for test, name in zip(tests, names[1:] + names[:1], strict=True):
        test.metadata.nbgrader["grade_id"] = name
    place.cell("count").source = place.right["count"]
    place.save()
