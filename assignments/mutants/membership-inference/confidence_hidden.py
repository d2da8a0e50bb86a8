# /// mutant
# misconception = "Rounded probabilities taken for a defence"
# revisit = "membership-inference#the-defence-and-what-each-costs"
# loses = {"release-rare-test" = 2}
# ///
# %% release
def release_model(rows: np.ndarray, label: np.ndarray, rng: np.random.Generator):
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000, random_state=0).fit(rows, label)
    return lambda asked: model.predict_proba(asked)[:, 1].round(1)
