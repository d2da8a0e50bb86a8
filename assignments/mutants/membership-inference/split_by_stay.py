# /// mutant
# misconception = "Training data divided by stay instead of by patient"
# revisit = "membership-inference#what-goes-wrong"
# loses = {"members-person-test" = 1}
# ///
# %% members
def draw_members(person: np.ndarray, models: int, rng: np.random.Generator) -> np.ndarray:
    order = rng.permuted(np.tile(np.arange(models), (len(person), 1)), axis=1)
    return order < models // 2
