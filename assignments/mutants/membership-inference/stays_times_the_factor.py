# /// mutant
# misconception = "The factor multiplied by the stays instead of its exponent"
# revisit = "membership-inference#the-defence-and-what-each-costs"
# loses = {"bound-test" = 2}
# ///
# %% bound
def tpr_bound(fpr: float, epsilon: float, stays: int) -> float:
    factor = stays * np.exp(epsilon)
    return float(min(factor * fpr, 1 - (1 - fpr) / factor))
