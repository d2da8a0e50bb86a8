# /// attack
# tries = "Has a name with a line break, quotes and a script in it."
# points = [0, 10]
# honest = true
# ///


def submit(place):
    place.save()
    name = f"{place.bait['me']}\n'\"><script>{place.bait['script'].replace('/', ' ')}<"
    place.folder.parent.rename(place.folder.parents[1] / name)
