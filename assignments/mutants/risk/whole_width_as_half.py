# /// mutant
# misconception = "The whole width of the range taken for half of it"
# revisit = "risk#estimate-with-ranges-and-test-the-estimator"
# loses = {"lognormal-test" = 1, "simulate-test" = 2}
# ///
# %% ranges
def lognormal_parameters(low: float, high: float) -> tuple:
    low, high = np.log(low), np.log(high)
    return float((low + high) / 2), float((high - low) / stats.norm.ppf(0.95))


def widen(low: float, high: float, hits: int, asked: int) -> tuple:
    factor = stats.norm.ppf(0.95) / stats.norm.ppf((1 + hits / asked) / 2)
    middle, half = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / 2
    return float(np.exp(middle - factor * half)), float(np.exp(middle + factor * half))
