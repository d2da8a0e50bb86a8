# /// mutant
# misconception = "Probabilities multiplied where odds should be"
# revisit = "differential-privacy#epsilon-as-odds"
# loses = {"odds-test" = 2}
# ///
# %% odds
def belief_bound(prior: float, epsilon: float) -> float:
    return float(min(1 - 1e-12, prior * np.exp(epsilon)))
