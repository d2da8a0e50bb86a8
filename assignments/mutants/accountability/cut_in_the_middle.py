# /// mutant
# misconception = "A list cut in the middle instead of at a power of two"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"tree-any-test" = 2}
# ///
# %% tree
def merkle_root(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256(b"")
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0])
    k = len(entries) // 2
    return sha256(b"\x01" + merkle_root(entries[:k]) + merkle_root(entries[k:]))
