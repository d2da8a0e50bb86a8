# /// attack
# tries = "Hands in, in the archive of the class, another one that swells to three hundred megabytes."
# points = 0
# obtains = {unpacked = 250000000}
# shows = ["bounds"]
# ///

import zipfile


def submit(place):
    archive = zipfile.ZipFile(place.download("swells.zip"), "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("more.zip", "w", force_zip64=True) as entry:
        for _ in range(300):
            entry.write(b" " * 1_000_000)
