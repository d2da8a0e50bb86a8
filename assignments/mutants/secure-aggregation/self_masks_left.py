# /// mutant
# misconception = "The self-masks are left in the sum"
# revisit = "secure-aggregation#five-steps"
# loses = {"sum-all-test" = 1, "sum-loss-test" = 2}
# ///
# %% sum
def unmask_sum(masked, self_seeds, gone) -> np.ndarray:
    total = np.sum(list(masked.values()), axis=0, dtype=np.uint32)
    for missing, seeds in gone.items():
        for other, seed in seeds.items():
            mask = expand(seed, len(total))
            total = total + mask if missing < other else total - mask
    return total
