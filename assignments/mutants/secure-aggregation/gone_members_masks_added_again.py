# /// mutant
# misconception = "Masks with members that are gone are added a second time"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"sum-loss-test" = 2}
# ///
# %% sum
def unmask_sum(masked, self_seeds, gone) -> np.ndarray:
    total = np.sum(list(masked.values()), axis=0, dtype=np.uint32)
    for seed in self_seeds.values():
        total = total - expand(seed, len(total))
    for missing, seeds in gone.items():
        for other, seed in seeds.items():
            mask = expand(seed, len(total))
            total = total + mask if other < missing else total - mask
    return total
