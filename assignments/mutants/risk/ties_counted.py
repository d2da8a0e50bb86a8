# /// mutant
# misconception = "Equal scores counted as a wrong order"
# revisit = "risk#the-attack-what-the-matrix-hides"
# loses = {"reversal-test" = 2}
# ///
# %% reversal
def reversed_pairs(risks: pd.DataFrame, likelihood_bounds: list, consequence_bounds: list) -> list:
    likelihood = 1 + np.searchsorted(likelihood_bounds, risks["events"], side="right")
    consequence = 1 + np.searchsorted(consequence_bounds, risks["harm"], side="right")
    score, expected = likelihood * consequence, (risks["events"] * risks["harm"]).to_numpy()
    rows = range(len(risks))
    return [(i, j) for i in rows for j in rows if score[i] >= score[j] and expected[i] < expected[j]]
