# /// attack
# tries = "Hands in a link to a file of the system."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    place.path.symlink_to("/etc/passwd")
