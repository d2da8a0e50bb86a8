# /// mutant
# misconception = "Keys and shares counted in bytes, cells in bits"
# revisit = "secure-aggregation#what-it-costs"
# loses = {"cost-test" = 2}
# ///
# %% cost
def expansion(users: int, cells: int, bits: int) -> float:
    sum_bits = (users * (2**bits - 1)).bit_length()
    return (2 * users * 32 + (5 * users - 4) * 32 + cells * sum_bits) / (cells * bits)
