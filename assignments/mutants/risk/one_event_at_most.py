# /// mutant
# misconception = "At most one event a year"
# revisit = "risk#ten-thousand-years-in-a-few-lines"
# loses = {"simulate-test" = 2}
# ///
# %% simulate
def simulate_years(events: tuple, persons: tuple, at_most: float, years: int, rng: np.random.Generator) -> np.ndarray:
    rate = np.exp(rng.normal(*lognormal_parameters(*events), years))
    happens = rng.random(years) < 1 - np.exp(-rate)
    harmed = np.minimum(np.exp(rng.normal(*lognormal_parameters(*persons), years)), at_most)
    return np.where(happens, harmed, 0.0)
