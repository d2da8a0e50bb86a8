# /// mutant
# misconception = "Patients with the same score put on both sides of the threshold"
# revisit = "membership-inference#the-metric-how-many-are-found-with-near-certainty"
# loses = {"tpr-ties-test" = 1}
# ///
# %% tpr
def tpr_at_fpr(member: np.ndarray, score: np.ndarray, fpr: float) -> float:
    order = np.argsort(-score, kind="stable")
    false = np.cumsum(~member[order]) / np.sum(~member)
    true = np.cumsum(member[order]) / np.sum(member)
    allowed = true[false <= fpr]
    return float(allowed.max()) if len(allowed) else 0.0
