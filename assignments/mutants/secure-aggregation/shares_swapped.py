# /// mutant
# misconception = "The key of those who are there and the seed of those who are gone"
# revisit = "secure-aggregation#five-steps"
# loses = {"guard-give-test" = 1}
# ///
# %% guard
def shares_to_give(members, survivors, signers, me, threshold) -> dict[int, str]:
    listed = set(survivors)
    if not listed <= set(members) or me not in listed:
        raise ValueError("the list cannot be right")
    if len(listed) < threshold or len(listed & set(signers)) < threshold:
        raise ValueError("too few on the list, or too few who signed it")
    return {u: "key" if u in listed else "seed" for u in members}
