# /// mutant
# misconception = "The library's default regularisation taken for enough"
# revisit = "membership-inference#who-is-exposed"
# loses = {"release-rare-test" = 2}
# ///
# %% release
def release_model(rows: np.ndarray, label: np.ndarray, rng: np.random.Generator):
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000, random_state=0).fit(rows, label)
    return lambda asked: model.predict_proba(asked)[:, 1]
