# /// mutant
# misconception = "So little epsilon that the model is of no use"
# revisit = "membership-inference#the-defence-and-what-each-costs"
# loses = {"release-useful-test" = 1}
# ///
# %% release
def release_model(rows: np.ndarray, label: np.ndarray, rng: np.random.Generator):
    from hipkit.datasets import load_readmissions
    from hipkit.models import features, private_model

    columns = features(load_readmissions("sample")).columns
    model = private_model(1.0, int(rng.integers(2**31))).fit(pd.DataFrame(rows, columns=columns), label)
    return lambda asked: model.predict_proba(pd.DataFrame(asked, columns=columns))[:, 1]
