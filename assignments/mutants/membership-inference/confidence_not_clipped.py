# /// mutant
# misconception = "Probabilities of 0 and 1 not clipped"
# revisit = "membership-inference#the-attack-a-model-knows-its-own"
# loses = {"confidence-test" = 2}
# ///
# %% confidence
def confidence(probability: np.ndarray, label: np.ndarray) -> np.ndarray:
    right = np.where(label == 1, probability, 1 - probability)
    with np.errstate(divide="ignore"):
        return np.log(right) - np.log(1 - right)
