# /// mutant
# misconception = "The middle of the range used as a certain rate"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    number = rng.poisson(np.sqrt(events[0] * events[1]), years)
    harmed = np.minimum(np.exp(rng.normal(*lognormal_parameters(*persons), number.sum())), at_most)
    return np.bincount(np.repeat(np.arange(years), number), weights=harmed, minlength=years)
