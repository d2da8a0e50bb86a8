# /// mutant
# misconception = "A coin for each model, so that some patients are nearly always in or out"
# revisit = "membership-inference#shadow-models-and-the-likelihood-ratio"
# loses = {"members-half-test" = 1}
# ///
# %% members
def draw_members(person: np.ndarray, models: int, rng: np.random.Generator) -> np.ndarray:
    people, index = np.unique(person, return_inverse=True)
    return (rng.random((len(people), models)) < 0.5)[index]
