# /// mutant
# misconception = "The range of the values taken for the sensitivity of a sum"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"clip-test" = 2}
# ///
# %% clip
def sum_sensitivity(lower: float, upper: float) -> float:
    return float(upper - lower)
