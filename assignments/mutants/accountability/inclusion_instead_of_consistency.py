# /// mutant
# misconception = "An inclusion proof of the last old entry taken for a proof that nothing before it changed"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"consistency-uneven-test" = 1, "consistency-power-test" = 1}
# ///
# %% consistency
def consistency_proof(entries: list[bytes], old_size: int, root_of) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = 1 << ((len(entries) - 1).bit_length() - 1)
    if old_size <= k:
        return [*consistency_proof(entries[:k], old_size, root_of), root_of(entries[k:])]
    return [*consistency_proof(entries[k:], old_size - k, root_of), root_of(entries[:k])]
