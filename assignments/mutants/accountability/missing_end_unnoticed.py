# /// mutant
# misconception = "A log cut off at the end taken for whole"
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
    for number, (mine, theirs) in enumerate(zip(make_chain(entries), hashes, strict=False)):
        if mine != theirs:
            return number
    return None


def forge(entries: list[bytes], number: int, replacement: bytes) -> tuple[list[bytes], list[bytes]]:
    forged = [*entries[:number], replacement, *entries[number + 1 :]]
    return forged, make_chain(forged)
