# /// mutant
# misconception = "A spread for each patient, from too few shadow models"
# revisit = "membership-inference#shadow-models-and-the-likelihood-ratio"
# loses = {"ratio-test" = 2}
# ///
# %% ratio
def log_ratio(phi: np.ndarray, shadow_phi: np.ndarray, shadow_member: np.ndarray) -> np.ndarray:
    log_likelihood = {}
    for side in (True, False):
        seen = np.where(shadow_member == side, shadow_phi, np.nan)
        spread = np.maximum(0.1, np.nanstd(seen, axis=1))
        log_likelihood[side] = stats.norm.logpdf(phi, np.nanmean(seen, axis=1), spread)
    return log_likelihood[True] - log_likelihood[False]
