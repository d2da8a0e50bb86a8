# /// attack
# tries = "Does not say in which language it is written."
# points = 10
# honest = true
# ///


def submit(place):
    place.notebook.metadata = {}
    place.save()
