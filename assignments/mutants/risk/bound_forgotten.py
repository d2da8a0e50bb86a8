# /// mutant
# misconception = "More persons harmed in an event than there are"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    number = rng.poisson(np.exp(rng.normal(*lognormal_parameters(*events), years)))
    harmed = np.exp(rng.normal(*lognormal_parameters(*persons), number.sum()))
    return np.bincount(np.repeat(np.arange(years), number), weights=harmed, minlength=years)
