# /// mutant
# misconception = "The best case taken for knowledge"
# revisit = "risk#what-is-a-better-number-worth"
# loses = {"information-test" = 2}
# ///
# %% information
def value_of_information(harm: np.ndarray) -> float:
    return float(harm.mean(axis=0).min() - harm.min())
