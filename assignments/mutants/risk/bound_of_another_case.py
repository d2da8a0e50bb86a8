# /// mutant
# misconception = "The number of users of one case used as the bound in every case"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    rate = np.exp(rng.normal(*lognormal_parameters(*events), years))
    number = rng.poisson(rate)
    harmed = np.minimum(np.exp(rng.normal(*lognormal_parameters(*persons), number.sum())), 120)
    return np.bincount(np.repeat(np.arange(years), number), weights=harmed, minlength=years)
