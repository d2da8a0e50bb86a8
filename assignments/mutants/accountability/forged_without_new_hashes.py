# /// mutant
# misconception = "Only the hash of the forged entry computed again, not those after it"
# revisit = "accountability#the-attack-edit-the-log"
# loses = {"forge-test" = 1}
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
    shorter = min(len(entries), len(hashes))
    return None if len(entries) == len(hashes) else shorter


def forge(entries: list[bytes], number: int, replacement: bytes) -> tuple[list[bytes], list[bytes]]:
    forged = [*entries[:number], replacement, *entries[number + 1 :]]
    hashes = make_chain(entries)
    hashes[number] = make_chain(forged)[number]
    return forged, hashes
