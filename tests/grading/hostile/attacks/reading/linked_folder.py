# /// attack
# tries = "Hands in a folder that is a link to the course's source."
# points = 0
# ///


def submit(place):
    place.save()
    (place.folder / "data").symlink_to(f"{place.bait['course']}/source/{place.bait['slug']}")
