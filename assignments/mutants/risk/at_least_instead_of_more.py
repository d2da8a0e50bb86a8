# /// mutant
# misconception = "Years that are equal to the level counted"
# revisit = "risk#an-exceedance-curve-from-the-patients"
# loses = {"exceedance-test" = 1}
# ///
# %% exceedance
def exceedance(harmed: np.ndarray, levels: np.ndarray) -> np.ndarray:
    return 1 - np.searchsorted(np.sort(harmed), levels, side="left") / len(harmed)
