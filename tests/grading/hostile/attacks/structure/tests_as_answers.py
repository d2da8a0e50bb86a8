# /// attack
# tries = "Says in the notebook that the tests are answers, which the grader leaves to the student."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    for test in place.tests():
        test.metadata.nbgrader["solution"] = True
        test.source = "2 + 2"
    place.save()
