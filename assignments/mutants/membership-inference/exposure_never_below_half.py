# /// mutant
# misconception = "An area below one half turned upwards"
# revisit = "membership-inference#who-is-exposed"
# loses = {"exposure-test" = 2}
# ///
# %% exposure
def exposure(phi: np.ndarray, member: np.ndarray) -> np.ndarray:
    inside = member.sum(axis=1)
    ranks = np.where(member, stats.rankdata(phi, axis=1), 0).sum(axis=1)
    area = (ranks - inside * (inside + 1) / 2) / (inside * (member.shape[1] - inside))
    return np.maximum(area, 1 - area)
