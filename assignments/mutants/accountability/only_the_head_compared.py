# /// mutant
# misconception = "Only the last hash compared: a change is noticed, its place is not"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"break-test" = 1}
# ///
# %% chain
def make_chain(entries: list[bytes]) -> list[bytes]:
    hashes, last = [], bytes(32)
    for entry in entries:
        last = sha256(last + entry)
        hashes.append(last)
    return hashes


def first_break(entries: list[bytes], hashes: list[bytes]) -> int | None:
    if make_chain(entries)[-1:] == hashes[-1:]:
        return None
    return min(len(entries), len(hashes)) - 1


def forge(entries: list[bytes], number: int, replacement: bytes) -> tuple[list[bytes], list[bytes]]:
    forged = [*entries[:number], replacement, *entries[number + 1 :]]
    return forged, make_chain(forged)
