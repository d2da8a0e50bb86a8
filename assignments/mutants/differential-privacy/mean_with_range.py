# /// mutant
# misconception = "The range of the values taken for the sensitivity of the sum behind a mean"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"mean-test" = 2}
# ///
# %% mean
def private_mean(values: np.ndarray, lower: float, upper: float, epsilon: float, rng: np.random.Generator) -> float:
    clipped = np.clip(values, lower, upper)
    total = clipped.sum() + rng.laplace(scale=(upper - lower) / (epsilon / 2))
    count = len(clipped) + rng.laplace(scale=1 / (epsilon / 2))
    return float(total / max(1.0, count))
