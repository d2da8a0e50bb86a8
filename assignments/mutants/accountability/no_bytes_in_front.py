# /// mutant
# misconception = "Entries and pairs hashed without the bytes that tell them apart"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"tree-full-test" = 1, "tree-any-test" = 2}
# ///
# %% tree
def merkle_root(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256(b"")
    if len(entries) == 1:
        return sha256(entries[0])
    k = 1 << ((len(entries) - 1).bit_length() - 1)
    return sha256(merkle_root(entries[:k]) + merkle_root(entries[k:]))
