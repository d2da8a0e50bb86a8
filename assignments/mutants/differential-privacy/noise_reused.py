# /// mutant
# misconception = "The same noise at every call"
# revisit = "differential-privacy#what-goes-wrong"
# loses = {"laplace-shape-test" = 1, "laplace-test" = 2}
# ///
# %% laplace
def laplace_count(flags: np.ndarray, epsilon: float, rng: np.random.Generator) -> float:
    return float(np.sum(flags) + np.random.default_rng(0).laplace(scale=1 / epsilon))
