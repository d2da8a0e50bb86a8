# /// mutant
# misconception = "Normal noise with the standard deviation of the Laplace mechanism"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"laplace-test" = 2}
# ///
# %% laplace
def laplace_count(flags: np.ndarray, epsilon: float, rng: np.random.Generator) -> float:
    return float(np.sum(flags) + rng.normal(scale=np.sqrt(2) / epsilon))
