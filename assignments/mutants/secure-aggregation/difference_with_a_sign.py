# /// mutant
# misconception = "The difference of two sums turned into numbers with a sign"
# revisit = "secure-aggregation#two-runs"
# loses = {"attack-test" = 1}
# ///
# %% attack
def read_report(aggregate, members: list[int], victim: int) -> np.ndarray:
    rest = [member for member in members if member != victim]
    return (aggregate(list(members)) - aggregate(rest)).astype(np.int32)
