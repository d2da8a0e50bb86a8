# /// mutant
# misconception = "The area under the curve given instead of the rate at few false positives"
# revisit = "membership-inference#the-metric-how-many-are-found-with-near-certainty"
# loses = {"tpr-test" = 2, "tpr-ties-test" = 1}
# ///
# %% tpr
def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    pairs = np.subtract.outer(score[member], score[~member])
    return float(np.mean((pairs > 0) + 0.5 * (pairs == 0)))
