# /// attack
# tries = "Writes into its notebook that a test is worth a hundred points."
# points = 2
# ///


def submit(place):
    for test in place.tests():
        test.metadata.nbgrader["points"] = 100
    place.cell("count").source = place.right["count"]
    place.save()
