# /// mutant
# misconception = "The same random numbers at every call"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-shape-test" = 1}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    rng = np.random.default_rng(2026)
    number = rng.poisson(np.exp(rng.normal(*lognormal_parameters(*events), years)))
    harmed = np.minimum(np.exp(rng.normal(*lognormal_parameters(*persons), number.sum())), at_most)
    return np.bincount(np.repeat(np.arange(years), number), weights=harmed, minlength=years)
