# /// mutant
# misconception = "The share of hits read as a one-sided quantile"
# revisit = "risk#estimate-with-ranges-and-test-the-estimator"
# loses = {"widen-test" = 1}
# ///
# %% ranges
def lognormal_parameters(low: float, high: float) -> tuple:
    low, high = np.log(low), np.log(high)
    return float((low + high) / 2), float((high - low) / (2 * stats.norm.ppf(0.95)))


def widen(low: float, high: float, hits: int, asked: int) -> tuple:
    factor = stats.norm.ppf(0.95) / stats.norm.ppf(hits / asked)
    middle, half = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / 2
    return float(np.exp(middle - factor * half)), float(np.exp(middle + factor * half))
