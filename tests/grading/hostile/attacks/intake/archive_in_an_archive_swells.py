# /// attack
# tries = "Hands in an archive, in the archive of the class, that swells to three hundred megabytes."
# points = 0
# obtains = {unpacked = 250000000}
# shows = ["bounds"]
# ///

import io
import zipfile


def submit(place):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("filler.txt", "w") as entry:
        for _ in range(300):
            entry.write(b" " * 1_000_000)
    middle = io.BytesIO()
    with zipfile.ZipFile(middle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{place.bait['me']}.zip", inner.getvalue())
    with zipfile.ZipFile(place.download("swells.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.zip", middle.getvalue())
