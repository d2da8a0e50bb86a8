# /// attack
# tries = "Gives its cells ids and names that close the attribute in which they stand."
# points = [0, 10]
# honest = true
# shows = ["silent", "ungraded"]
# ///


def submit(place):
    close = f'"><script>{place.bait["script"]}</script><p id="'
    for number, cell in enumerate(place.notebook.cells):
        cell["id"] = f"{number}{close}"
    place.save()
