# /// mutant
# misconception = "The higher number adds and the lower subtracts, against what the members agreed"
# revisit = "secure-aggregation#the-defence-masks-that-cancel"
# loses = {"masks-cancel-test" = 2}
# ///
# %% masks
def pair_masks(me: int, seeds: dict[int, bytes], length: int) -> np.ndarray:
    total = np.zeros(length, np.uint32)
    for other, seed in seeds.items():
        mask = expand(seed, length)
        total = total - mask if me < other else total + mask
    return total
