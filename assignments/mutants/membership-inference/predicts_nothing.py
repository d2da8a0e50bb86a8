# /// mutant
# misconception = "A model that predicts the same for everybody, so that nothing leaks"
# revisit = "membership-inference#the-defence-and-what-each-costs"
# loses = {"release-useful-test" = 1, "release-leak-test" = 1, "release-rare-test" = 2}
# ///
# %% release
def release_model(rows: np.ndarray, label: np.ndarray, rng: np.random.Generator):
    share = float(np.mean(label))
    return lambda asked: np.full(len(asked), share)
