# /// mutant
# misconception = "What is left of the proof at the root ignored"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"inclusion-refuse-test" = 2}
# ///
# %% inclusion
def verify_inclusion(entry: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    if not 0 <= index < size:
        return False
    found, last = sha256(b"\x00" + entry), size - 1
    for beside in proof:
        if last == 0:
            break
        if index % 2 or index == last:
            found = sha256(b"\x01" + beside + found)
            while not index % 2 and index:
                index, last = index // 2, last // 2
        else:
            found = sha256(b"\x01" + found + beside)
        index, last = index // 2, last // 2
    return found == root
