# /// mutant
# misconception = "The sum spends half of epsilon and the count all of it"
# revisit = "differential-privacy#budget-what-adds-up-and-what-does-not"
# loses = {"mean-test" = 2}
# ///
# %% mean
def private_mean(values: np.ndarray, lower: float, upper: float, epsilon: float, rng: np.random.Generator) -> float:
    clipped = np.clip(values, lower, upper)
    total = clipped.sum() + rng.laplace(scale=max(abs(lower), abs(upper)) / (epsilon / 2))
    count = len(clipped) + rng.laplace(scale=1 / epsilon)
    return float(total / max(1.0, count))
