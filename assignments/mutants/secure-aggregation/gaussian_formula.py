# /// mutant
# misconception = "The formula for normal noise used for whole numbers"
# revisit = "secure-aggregation#noise-inside"
# loses = {"noise-delta-test" = 2}
# ///
# %% noise
def skellam_delta(variance: float, epsilon: float) -> float:
    from scipy.stats import norm

    a, b = 1 / (2 * math.sqrt(variance)), epsilon * math.sqrt(variance)
    return float(norm.cdf(a - b) - math.exp(epsilon) * norm.cdf(-a - b))


def variance_each(needed: float, members: int, threshold: int, colluders: int) -> float:
    if colluders >= threshold:
        raise ValueError("the server may know all the noise in the sum")
    return float(needed / (threshold - colluders))
