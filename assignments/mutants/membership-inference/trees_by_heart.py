# /// mutant
# misconception = "Trees released that know the training patients by heart"
# revisit = "membership-inference#who-is-exposed"
# loses = {"release-leak-test" = 1, "release-rare-test" = 2}
# ///
# %% release
def release_model(rows: np.ndarray, label: np.ndarray, rng: np.random.Generator):
    from sklearn.ensemble import ExtraTreesClassifier

    model = ExtraTreesClassifier(30, random_state=int(rng.integers(2**31))).fit(rows, label)
    return lambda asked: model.predict_proba(asked)[:, 1]
