# /// mutant
# misconception = "Masks summed in a wider type, so that nothing turns round"
# revisit = "secure-aggregation#the-defence-masks-that-cancel"
# loses = {"masks-cancel-test" = 2}
# ///
# %% masks
def pair_masks(me: int, seeds: dict[int, bytes], length: int) -> np.ndarray:
    total = np.zeros(length, np.int64)
    for other, seed in seeds.items():
        mask = expand(seed, length).astype(np.int64)
        total = total + mask if me < other else total - mask
    return total
