# /// mutant
# misconception = "Persons drawn once a year and multiplied by the number of events"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    number = rng.poisson(np.exp(rng.normal(*lognormal_parameters(*events), years)))
    return number * np.minimum(np.exp(rng.normal(*lognormal_parameters(*persons), years)), at_most)
