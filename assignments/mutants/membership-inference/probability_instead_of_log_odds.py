# /// mutant
# misconception = "The probability taken for the confidence"
# revisit = "membership-inference#the-attack-a-model-knows-its-own"
# loses = {"confidence-test" = 2}
# ///
# %% confidence
def confidence(probability: np.ndarray, label: np.ndarray) -> np.ndarray:
    return np.where(label == 1, probability, 1 - probability)
