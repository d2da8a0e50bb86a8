# /// mutant
# misconception = "The range widened around its middle on the plain scale"
# revisit = "risk#estimate-with-ranges-and-test-the-estimator"
# loses = {"widen-test" = 1}
# ///
# %% ranges
def lognormal_parameters(low: float, high: float) -> tuple:
    low, high = np.log(low), np.log(high)
    return float((low + high) / 2), float((high - low) / (2 * stats.norm.ppf(0.95)))


def widen(low: float, high: float, hits: int, asked: int) -> tuple:
    factor = stats.norm.ppf(0.95) / stats.norm.ppf((1 + hits / asked) / 2)
    middle, half = (low + high) / 2, (high - low) / 2
    return float(max(1e-9, middle - factor * half)), float(middle + factor * half)
