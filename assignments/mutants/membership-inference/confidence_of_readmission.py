# /// mutant
# misconception = "Confidence in readmission instead of in what happened"
# revisit = "membership-inference#the-attack-a-model-knows-its-own"
# loses = {"confidence-test" = 2}
# ///
# %% confidence
def confidence(probability: np.ndarray, label: np.ndarray) -> np.ndarray:
    p = np.clip(probability, 0.001, 0.999)
    return np.log(p / (1 - p))
