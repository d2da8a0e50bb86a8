# /// mutant
# misconception = "Values not clipped to the public bounds"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"mean-clip-test" = 1}
# ///
# %% mean
def private_mean(values: np.ndarray, lower: float, upper: float, epsilon: float, rng: np.random.Generator) -> float:
    total = values.sum() + rng.laplace(scale=upper / (epsilon / 2))
    count = len(values) + rng.laplace(scale=1 / (epsilon / 2))
    return float(total / max(1.0, count))
