# /// mutant
# misconception = "The share of years with less"
# revisit = "risk#an-exceedance-curve-from-the-patients"
# loses = {"exceedance-test" = 1}
# ///
# %% exceedance
def exceedance(harmed: np.ndarray, levels: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(harmed), levels, side="right") / len(harmed)
