# /// mutant
# misconception = "A quantile of the non-members as threshold, so that more than the share allowed may be accused"
# revisit = "membership-inference#the-metric-how-many-are-found-with-near-certainty"
# loses = {"tpr-test" = 2}
# ///
# %% tpr
def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    if fpr >= 1:
        return 1.0
    return float(np.mean(score[member] > np.quantile(score[~member], 1 - fpr)))
