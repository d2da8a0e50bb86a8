# /// mutant
# misconception = "No least spread, so that agreeing shadow models give infinite evidence"
# revisit = "membership-inference#shadow-models-and-the-likelihood-ratio"
# loses = {"ratio-shape-test" = 1}
# ///
# %% ratio
def log_ratio(phi: np.ndarray, shadow_phi: np.ndarray, shadow_member: np.ndarray) -> np.ndarray:
    log_likelihood = {}
    for side in (True, False):
        seen = np.where(shadow_member == side, shadow_phi, np.nan)
        spread = np.sqrt(np.nanmean(np.nanvar(seen, axis=1)))
        with np.errstate(divide="ignore", invalid="ignore"):
            log_likelihood[side] = -(((phi - np.nanmean(seen, axis=1)) / spread) ** 2) / 2 - np.log(spread)
    with np.errstate(invalid="ignore"):
        return log_likelihood[True] - log_likelihood[False]
