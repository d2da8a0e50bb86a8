# /// attack
# tries = "Hands in an answer of thirty megabytes of comments."
# points = [0, 10]
# honest = true
# obtains = {kept = 20000000}
# shows = ["bounds"]
# ///


def submit(place):
    place.cell("count").source += "\n" + "# much is written and little said\n" * 900_000
    place.save()
