# /// mutant
# misconception = "The last piece of the old tree left out where it is no root of its own"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"consistency-uneven-test" = 1}
# ///
# %% consistency
def consistency_proof(entries: list[bytes], old_size: int, root_of) -> list[bytes]:
    if old_size == len(entries):
        return []
    k = 1 << ((len(entries) - 1).bit_length() - 1)
    if old_size <= k:
        return [*consistency_proof(entries[:k], old_size, root_of), root_of(entries[k:])]
    return [*consistency_proof(entries[k:], old_size - k, root_of), root_of(entries[:k])]
