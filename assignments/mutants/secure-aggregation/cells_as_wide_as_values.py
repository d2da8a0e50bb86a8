# /// mutant
# misconception = "Cells only as wide as one value, so that the sum overflows"
# revisit = "secure-aggregation#what-it-costs"
# loses = {"cost-test" = 2}
# ///
# %% cost
def expansion(users: int, cells: int, bits: int) -> float:
    return (2 * users * 256 + (5 * users - 4) * 256 + cells * bits) / (cells * bits)
