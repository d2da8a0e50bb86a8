# /// attack
# tries = "Writes values of other types into nbgrader's metadata."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///


def submit(place):
    odd = {"points": "many", "grade": "yes", "locked": [], "schema_version": "3", "cell_type": 4, "checksum": {}}
    for test, (name, value) in zip(place.tests() * 2, odd.items(), strict=False):
        test.metadata.nbgrader[name] = value
    place.save()
