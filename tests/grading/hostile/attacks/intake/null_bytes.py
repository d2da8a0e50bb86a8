# /// attack
# tries = "Hands in an answer and a name with null bytes in them."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.cell("reflection").source = "one\0two"
    place.cell("count").source += "\n# \0"
    place.save()
