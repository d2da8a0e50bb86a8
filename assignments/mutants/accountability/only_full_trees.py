# /// mutant
# misconception = "Sides taken from the index alone, which is right in full trees only"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"inclusion-accept-test" = 1, "inclusion-refuse-test" = 2}
# ///
# %% inclusion
def verify_inclusion(entry: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    if not 0 <= index < size:
        return False
    found = sha256(b"\x00" + entry)
    for beside in proof:
        found = sha256(b"\x01" + (beside + found if index % 2 else found + beside))
        index //= 2
    return found == root
