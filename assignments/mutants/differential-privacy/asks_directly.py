# /// mutant
# misconception = "The target asked about alone, where the dashboard hides the answer"
# revisit = "differential-privacy#the-attack-subtract-two-counts"
# loses = {"difference-test" = 1}
# ///
# %% difference
def differencing_attack(count, everyone: list[int], target: int) -> bool:
    return count([target]) is not None
