# /// attack
# tries = "Hands in cells whose text is a list of numbers, nothing, or an object."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///

import json


def submit(place):
    place.save()
    notebook = json.loads(place.path.read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell, odd in zip(code, ([1, 2], None, {"a": "b"}, 7, [["x"]]), strict=False):
        cell["source"] = odd
    place.path.write_text(json.dumps(notebook))
