# /// mutant
# misconception = "The known outcome ignored in attribute inference"
# revisit = "membership-inference#attribute-inference-in-short"
# loses = {"infer-test" = 2}
# ///
# %% infer
def infer(predict, row: np.ndarray, column: int, outcome: int, prior: float) -> int:
    both = np.tile(row, (2, 1))
    both[:, column] = (0, 1)
    readmitted = np.asarray(predict(both))
    return int(readmitted[1] * prior > readmitted[0] * (1 - prior))
