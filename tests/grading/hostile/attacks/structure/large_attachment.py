# /// attack
# tries = "Attaches a picture of thirty megabytes."
# points = [0, 10]
# honest = true
# obtains = {kept = 25000000}
# shows = ["bounds"]
# ///

from nbformat.v4 import new_markdown_cell


def submit(place):
    picture = {"picture.png": {"image/png": "iVBO" + "A" * 30_000_000}}
    place.notebook.cells.append(new_markdown_cell("![picture](attachment:picture.png)", attachments=picture))
    place.save()
