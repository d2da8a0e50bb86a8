# /// mutant
# misconception = "Values drawn evenly between low and high"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    number = rng.poisson(rng.uniform(*events, years))
    harmed = np.minimum(rng.uniform(*persons, number.sum()), at_most)
    return np.bincount(np.repeat(np.arange(years), number), weights=harmed, minlength=years)
