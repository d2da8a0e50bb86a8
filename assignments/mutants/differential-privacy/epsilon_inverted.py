# /// mutant
# misconception = "Epsilon used as the scale of the noise"
# revisit = "differential-privacy#measured-beside-claimed"
# loses = {"laplace-test" = 2}
# ///
# %% laplace
def laplace_count(flags: np.ndarray, epsilon: float, rng: np.random.Generator) -> float:
    return float(np.sum(flags) + rng.laplace(scale=epsilon))
