# /// attack
# tries = "Makes text of the tests' code."
# points = 0
# ///


def submit(place):
    for test, kind in zip(place.tests(), ("markdown", "raw", "markdown", "raw"), strict=True):
        test["cell_type"] = kind
        test.pop("outputs")
        test.pop("execution_count")
    place.save()
