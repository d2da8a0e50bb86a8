# /// attack
# tries = "Hands in JSON with numbers that JSON has not."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.notebook.metadata["weight"] = float("nan")
    place.notebook.metadata["height"] = float("-inf")
    place.notebook.metadata["age"] = 10**400
    place.save()
