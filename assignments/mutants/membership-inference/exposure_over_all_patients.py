# /// mutant
# misconception = "One area over all patients instead of one for each"
# revisit = "membership-inference#who-is-exposed"
# loses = {"exposure-test" = 2}
# ///
# %% exposure
def exposure(phi: np.ndarray, member: np.ndarray) -> np.ndarray:
    pairs = np.subtract.outer(phi[member], phi[~member])
    return np.full(len(phi), np.mean((pairs > 0) + 0.5 * (pairs == 0)))
