# /// attack
# tries = "Tags the tests so that they are not run."
# points = 0
# shows = ["points"]
# ///


def submit(place):
    for test in place.tests():
        test.metadata["tags"] = ["skip-execution"]
    place.save()
