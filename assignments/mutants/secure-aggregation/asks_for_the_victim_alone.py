# /// mutant
# misconception = "A sum over the victim alone, which the threshold refuses"
# revisit = "secure-aggregation#two-runs"
# loses = {"attack-test" = 1}
# ///
# %% attack
def read_report(aggregate, members: list[int], victim: int) -> np.ndarray:
    return aggregate([victim])
