# /// mutant
# misconception = "The average option taken for the choice without knowledge"
# revisit = "risk#what-is-a-better-number-worth"
# loses = {"information-test" = 2}
# ///
# %% information
def value_of_information(harm: np.ndarray) -> float:
    return float(harm.mean() - harm.min(axis=1).mean())
