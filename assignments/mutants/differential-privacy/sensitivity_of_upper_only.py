# /// mutant
# misconception = "Negative values forgotten in the sensitivity"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"clip-test" = 2}
# ///
# %% clip
def sum_sensitivity(lower: float, upper: float) -> float:
    return float(abs(upper))
