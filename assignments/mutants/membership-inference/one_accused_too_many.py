# /// mutant
# misconception = "The number of non-members that may be accused rounded up"
# revisit = "membership-inference#the-metric-how-many-are-found-with-near-certainty"
# loses = {"tpr-test" = 2}
# ///
# %% tpr
def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    outside = np.sort(score[~member])[::-1]
    allowed = int(np.ceil(round(fpr * len(outside), 9)))
    return 1.0 if allowed >= len(outside) else float(np.mean(score[member] > outside[allowed]))
