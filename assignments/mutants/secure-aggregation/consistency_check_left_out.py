# /// mutant
# misconception = "The list believed without looking at who signed it"
# revisit = "secure-aggregation#two-lists"
# loses = {"guard-refuse-test" = 2}
# ///
# %% guard
def shares_to_give(members, survivors, signers, me, threshold) -> dict[int, str]:
    listed = set(survivors)
    if not listed <= set(members) or me not in listed or len(listed) < threshold:
        raise ValueError("the list cannot be right")
    return {u: "seed" if u in listed else "key" for u in members}
