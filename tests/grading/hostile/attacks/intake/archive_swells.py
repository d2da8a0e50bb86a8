# /// attack
# tries = "Hands in an archive of half a megabyte that swells to three hundred."
# points = 0
# obtains = {unpacked = 250000000}
# shows = ["bounds"]
# ///

import zipfile


def submit(place):
    name = f"{place.bait['me']}_{place.bait['slug']}.ipynb"
    archive = zipfile.ZipFile(place.download("swells.zip"), "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open(name, "w") as entry:
        for _ in range(300):
            entry.write(b" " * 1_000_000)
