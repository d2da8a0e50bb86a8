# /// attack
# tries = "Writes scripts into the notebook's metadata: title, language, authors, kernel."
# points = [0, 10]
# honest = true
# shows = ["silent", "ungraded"]
# ///


def submit(place):
    close = f"</title></script><script>{place.bait['script']}</script>"
    place.notebook.metadata |= {"title": close, "authors": [{"name": close}], "lang": f'"><script>{close}'}
    place.notebook.metadata["language_info"] = {"name": close, "pygments_lexer": close, "mimetype": close}
    place.notebook.metadata["kernelspec"] = {"name": "python3", "display_name": close, "language": close}
    for cell in place.notebook.cells:
        cell.metadata |= {"name": close, "tags": [f'x"><script>{close}'], "slideshow": {"slide_type": close}}
    place.save()
