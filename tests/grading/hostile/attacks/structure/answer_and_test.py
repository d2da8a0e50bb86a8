# /// attack
# tries = "Says that its answer is a test, too."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    for name, points in (("count", 50), ("longest", 50)):
        place.cell(name).metadata.nbgrader |= {"grade": True, "points": points}
        place.cell(name).source = "50"
    place.save()
