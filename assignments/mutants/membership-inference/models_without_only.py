# /// mutant
# misconception = "Only models without the patient looked at"
# revisit = "membership-inference#shadow-models-and-the-likelihood-ratio"
# loses = {"ratio-shape-test" = 1, "ratio-test" = 2}
# ///
# %% ratio
def log_ratio(phi: np.ndarray, shadow_phi: np.ndarray, shadow_member: np.ndarray) -> np.ndarray:
    seen = np.where(shadow_member, np.nan, shadow_phi)
    spread = max(0.1, np.sqrt(np.nanmean(np.nanvar(seen, axis=1))))
    return stats.norm.logcdf(phi, np.nanmean(seen, axis=1), spread)
