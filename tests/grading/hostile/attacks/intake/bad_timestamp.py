# /// attack
# tries = "Hands in a time of submission that is none."
# points = [0, 10]
# honest = true
# shows = ["silent"]
# ///


def submit(place):
    place.save()
    (place.folder / "timestamp.txt").write_text("the day before yesterday")
