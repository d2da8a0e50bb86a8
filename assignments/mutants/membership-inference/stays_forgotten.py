# /// mutant
# misconception = "The guarantee for one stay taken for one for the patient"
# revisit = "membership-inference#the-defence-and-what-each-costs"
# loses = {"bound-test" = 2}
# ///
# %% bound
def tpr_bound(fpr: float, epsilon: float, stays: int) -> float:
    return float(min(np.exp(epsilon) * fpr, 1 - (1 - fpr) / np.exp(epsilon)))
