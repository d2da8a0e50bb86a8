# /// attack
# tries = "Hands in a right notebook and folders nested two hundred times."
# points = 10
# honest = true
# ///


def submit(place):
    place.save()
    place.folder.joinpath(*["a"] * 200).mkdir(parents=True)
