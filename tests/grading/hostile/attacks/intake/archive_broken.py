# /// attack
# tries = "Hands in an archive that cannot be unpacked."
# points = 0
# ///


def submit(place):
    place.download("broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
