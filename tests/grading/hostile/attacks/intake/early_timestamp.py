# /// attack
# tries = "Hands in a time of submission that is thousands of years ago, and one that is to come."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.save()
    (place.folder / "timestamp.txt").write_text("0001-01-01 00:00:00 +1400")
