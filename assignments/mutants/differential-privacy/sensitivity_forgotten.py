# /// mutant
# misconception = "The sensitivity of the sum taken to be 1"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"mean-test" = 2}
# ///
# %% mean
def private_mean(values: np.ndarray, lower: float, upper: float, epsilon: float, rng: np.random.Generator) -> float:
    clipped = np.clip(values, lower, upper)
    total = clipped.sum() + rng.laplace(scale=1 / (epsilon / 2))
    count = len(clipped) + rng.laplace(scale=1 / (epsilon / 2))
    return float(total / max(1.0, count))
