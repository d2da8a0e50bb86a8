# /// mutant
# misconception = "A noised count of nearly zero, or less, divided by"
# revisit = "differential-privacy#what-it-costs"
# loses = {"mean-test" = 2}
# ///
# %% mean
def private_mean(values: np.ndarray, lower: float, upper: float, epsilon: float, rng: np.random.Generator) -> float:
    clipped = np.clip(values, lower, upper)
    total = clipped.sum() + rng.laplace(scale=upper / (epsilon / 2))
    count = len(clipped) + rng.laplace(scale=1 / (epsilon / 2))
    return float(total / count)
