# /// mutant
# misconception = "Everybody adds the mask, and nobody subtracts it"
# revisit = "secure-aggregation#the-defence-masks-that-cancel"
# loses = {"masks-cancel-test" = 2}
# ///
# %% masks
def pair_masks(me: int, seeds: dict[int, bytes], length: int) -> np.ndarray:
    total = np.zeros(length, np.uint32)
    for seed in seeds.values():
        total = total + expand(seed, length)
    return total
