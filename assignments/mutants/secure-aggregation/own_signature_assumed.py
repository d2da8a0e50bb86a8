# /// mutant
# misconception = "The member's own signature counted though nobody has sent it"
# revisit = "secure-aggregation#two-lists"
# loses = {"guard-refuse-test" = 2}
# ///
# %% guard
def shares_to_give(members, survivors, signers, me, threshold) -> dict[int, str]:
    listed = set(survivors)
    if not listed <= set(members) or me not in listed:
        raise ValueError("the list cannot be right")
    if len(listed) < threshold or len(listed & {*signers, me}) < threshold:
        raise ValueError("too few on the list, or too few who signed it")
    return {u: "seed" if u in listed else "key" for u in members}
