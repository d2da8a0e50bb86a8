# /// attack
# tries = "Hands in a folder with the notebook's name."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    place.path.mkdir()
    (place.path / "notebook.ipynb").write_text("{}")
