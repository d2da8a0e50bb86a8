# /// mutant
# misconception = "Each Poisson number given the whole variance"
# revisit = "secure-aggregation#noise-inside"
# loses = {"noise-delta-test" = 2}
# ///
# %% noise
def skellam_delta(variance: float, epsilon: float) -> float:
    from scipy.special import ive

    reach = int(12 * math.sqrt(variance) + 60)
    k = np.arange(-reach, reach + 1)
    noise, shifted = ive(np.abs(k), 2 * variance), ive(np.abs(k - 1), 2 * variance)
    return float(np.maximum(shifted - math.exp(epsilon) * noise, 0).sum())


def variance_each(needed: float, members: int, threshold: int, colluders: int) -> float:
    if colluders >= threshold:
        raise ValueError("the server may know all the noise in the sum")
    return float(needed / (threshold - colluders))
