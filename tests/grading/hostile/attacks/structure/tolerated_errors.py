# /// attack
# tries = "Tags the tests so that their errors are meant to be."
# points = 0
# ///


def submit(place):
    for test in place.tests():
        test.metadata["tags"] = ["raises-exception", "remove-output", "hide-output"]
    place.save()
