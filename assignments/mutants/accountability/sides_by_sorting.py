# /// mutant
# misconception = "Each pair sorted, so that the place of the entry does not matter"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"inclusion-accept-test" = 1, "inclusion-refuse-test" = 2}
# ///
# %% inclusion
def verify_inclusion(entry: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    if not 0 <= index < size:
        return False
    found = sha256(b"\x00" + entry)
    for beside in proof:
        found = sha256(b"\x01" + min(found, beside) + max(found, beside))
    return found == root
