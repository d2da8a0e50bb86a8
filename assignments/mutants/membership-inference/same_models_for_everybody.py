# /// mutant
# misconception = "The same half of the models for every patient"
# revisit = "membership-inference#shadow-models-and-the-likelihood-ratio"
# loses = {"members-half-test" = 1}
# ///
# %% members
def draw_members(person: np.ndarray, models: int, rng: np.random.Generator) -> np.ndarray:
    return np.tile(rng.permutation(models) < models // 2, (len(person), 1))
