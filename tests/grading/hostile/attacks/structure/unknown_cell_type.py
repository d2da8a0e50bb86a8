# /// attack
# tries = "Gives the tests a type that no notebook has."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///


def submit(place):
    text = __import__("nbformat").v4.writes(place.notebook)
    place.path.write_text(text.replace('"cell_type": "code"', '"cell_type": "heading"'))
