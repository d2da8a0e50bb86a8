# /// mutant
# misconception = "Every entry hashed by itself, not bound to the one before"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"chain-test" = 1, "break-test" = 1, "forge-test" = 1}
# ///
# %% chain
def make_chain(entries: list[bytes]) -> list[bytes]:
    return [sha256(entry) for entry in entries]


def first_break(entries: list[bytes], hashes: list[bytes]) -> int | None:
    for number, (mine, theirs) in enumerate(zip(make_chain(entries), hashes, strict=False)):
        if mine != theirs:
            return number
    shorter = min(len(entries), len(hashes))
    return None if len(entries) == len(hashes) else shorter


def forge(entries: list[bytes], number: int, replacement: bytes) -> tuple[list[bytes], list[bytes]]:
    forged = [*entries[:number], replacement, *entries[number + 1 :]]
    return forged, make_chain(forged)
