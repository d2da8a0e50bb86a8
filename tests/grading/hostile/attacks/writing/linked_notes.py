# /// attack
# tries = "Hands in a link to the teacher's diary and writes through it."
# points = 0
# ///


def submit(place):
    place.cell("count").source = f"open('notes.txt', 'a').write({place.bait['token']!r})"
    place.save()
    (place.folder / "notes.txt").symlink_to(f"{place.bait['outside']}/diary.txt")
