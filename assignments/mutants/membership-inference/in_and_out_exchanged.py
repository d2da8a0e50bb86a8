# /// mutant
# misconception = "In and out exchanged in the likelihood ratio"
# revisit = "membership-inference#shadow-models-and-the-likelihood-ratio"
# loses = {"ratio-shape-test" = 1, "ratio-test" = 2}
# ///
# %% ratio
def log_ratio(phi: np.ndarray, shadow_phi: np.ndarray, shadow_member: np.ndarray) -> np.ndarray:
    log_likelihood = {}
    for side in (True, False):
        seen = np.where(shadow_member == side, shadow_phi, np.nan)
        spread = max(0.1, np.sqrt(np.nanmean(np.nanvar(seen, axis=1))))
        log_likelihood[side] = stats.norm.logpdf(phi, np.nanmean(seen, axis=1), spread)
    return log_likelihood[False] - log_likelihood[True]
