# /// mutant
# misconception = "The classical Gaussian rule used where epsilon is larger than 1"
# revisit = "differential-privacy#the-defence-noise-in-proportion-to-sensitivity"
# loses = {"gauss-safe-test" = 2, "gauss-tight-test" = 1}
# ///
# %% gauss
def gaussian_sigma(sensitivity: float, epsilon: float, delta: float) -> float:
    return float(sensitivity * np.sqrt(2 * np.log(1.25 / delta)) / epsilon)
