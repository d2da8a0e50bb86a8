# /// attack
# tries = "Says that tests are worth less than nothing, infinitely much, or no number."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    for test, points in zip(place.tests(), (-5, float("inf"), float("nan"), 1e308), strict=True):
        test.metadata.nbgrader["points"] = points
    place.save()
