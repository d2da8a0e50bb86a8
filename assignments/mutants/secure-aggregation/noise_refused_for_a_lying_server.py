# /// mutant
# misconception = "The condition against two lists taken for the one that noise needs"
# revisit = "secure-aggregation#noise-inside"
# loses = {"noise-each-test" = 1}
# ///
# %% noise
def skellam_delta(variance: float, epsilon: float) -> float:
    from scipy.special import ive

    reach = int(12 * math.sqrt(variance) + 60)
    k = np.arange(-reach, reach + 1)
    noise, shifted = ive(np.abs(k), variance), ive(np.abs(k - 1), variance)
    return float(np.maximum(shifted - math.exp(epsilon) * noise, 0).sum())


def variance_each(needed: float, members: int, threshold: int, colluders: int) -> float:
    if colluders >= threshold or 2 * threshold <= members + colluders:
        raise ValueError("the server may read a report")
    return float(needed / (threshold - colluders))
