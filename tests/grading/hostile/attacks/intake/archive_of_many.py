# /// attack
# tries = "Hands in an archive with twenty thousand files."
# points = 0
# obtains = {unpacked_files = 15000}
# shows = ["bounds"]
# ///

import zipfile


def submit(place):
    with zipfile.ZipFile(place.download("many.zip"), "w") as file:
        for number in range(20_000):
            file.writestr(f"{place.bait['token']}/{number}.txt", "")
