# /// mutant
# misconception = "The second inequality of differential privacy forgotten"
# revisit = "membership-inference#the-defence-and-what-each-costs"
# loses = {"bound-test" = 2}
# ///
# %% bound
def tpr_bound(fpr: float, epsilon: float, stays: int) -> float:
    return float(min(1, np.exp(stays * epsilon) * fpr))
