# /// mutant
# misconception = "False positives counted among everybody instead of among non-members"
# revisit = "membership-inference#the-metric-how-many-are-found-with-near-certainty"
# loses = {"tpr-test" = 2, "tpr-ties-test" = 1}
# ///
# %% tpr
def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    threshold = np.sort(score)[::-1][min(len(score) - 1, int(fpr * len(score)))]
    return float(np.mean(score[member] > threshold))
