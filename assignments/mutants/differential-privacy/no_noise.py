# /// mutant
# misconception = "The exact count published"
# revisit = "differential-privacy#the-attack-subtract-two-counts"
# loses = {"laplace-shape-test" = 1, "laplace-test" = 2}
# ///
# %% laplace
def laplace_count(flags: np.ndarray, epsilon: float, rng: np.random.Generator) -> float:
    return float(np.sum(flags))
