# /// attack
# tries = "Says that its notebook has a format that is none."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///

import json


def submit(place):
    place.save()
    notebook = json.loads(place.path.read_text()) | {"nbformat": 4, "nbformat_minor": "five"}
    place.path.write_text(json.dumps(notebook))
