# /// mutant
# misconception = "The rate of a year rounded to whole events"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    rate = np.exp(rng.normal(*lognormal_parameters(*events), years))
    number = rng.poisson(np.round(rate))
    harmed = np.minimum(np.exp(rng.normal(*lognormal_parameters(*persons), number.sum())), at_most)
    return np.bincount(np.repeat(np.arange(years), number), weights=harmed, minlength=years)
