# /// attack
# tries = "Hands in JSON that says everything twice, differently."
# points = [0, 10]
# honest = true
# ///

import json


def submit(place):
    place.save()
    text = place.path.read_text()
    cells = json.dumps(json.loads(text)["cells"])
    place.path.write_text(text.rstrip().removesuffix("}") + f', "cells": [], "cells": {cells}}}')
