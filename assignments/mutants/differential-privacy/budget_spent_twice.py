# /// mutant
# misconception = "The whole of epsilon spent on the sum and again on the count"
# revisit = "differential-privacy#budget-what-adds-up-and-what-does-not"
# loses = {"mean-test" = 2}
# ///
# %% mean
def private_mean(values: np.ndarray, lower: float, upper: float, epsilon: float, rng: np.random.Generator) -> float:
    clipped = np.clip(values, lower, upper)
    total = clipped.sum() + rng.laplace(scale=upper / epsilon)
    count = len(clipped) + rng.laplace(scale=1 / epsilon)
    return float(total / max(1.0, count))
