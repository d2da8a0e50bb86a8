# /// mutant
# misconception = "The rates of members and non-members exchanged"
# revisit = "membership-inference#the-metric-how-many-are-found-with-near-certainty"
# loses = {"tpr-test" = 2, "tpr-ties-test" = 1}
# ///
# %% tpr
def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    inside = np.sort(score[member])[::-1]
    allowed = int(fpr * len(inside))
    return 1.0 if allowed >= len(inside) else float(np.mean(score[~member] > inside[allowed]))
