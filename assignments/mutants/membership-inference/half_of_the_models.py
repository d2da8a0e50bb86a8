# /// mutant
# misconception = "Each patient taken to be in half of the models"
# revisit = "membership-inference#who-is-exposed"
# loses = {"exposure-test" = 2}
# ///
# %% exposure
def exposure(phi: np.ndarray, member: np.ndarray) -> np.ndarray:
    half = phi.shape[1] // 2
    ranks = np.where(member, stats.rankdata(phi, axis=1), 0).sum(axis=1)
    return (ranks - half * (half + 1) / 2) / half**2
