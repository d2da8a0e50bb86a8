# /// mutant
# misconception = "Coefficients drawn from 1 on, so that some shares become impossible"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"split-secret-test" = 1}
# ///
# %% split
def split(secret: int, threshold: int, holders: list[int], prime: int) -> dict[int, int]:
    polynomial = [secret, *(1 + secrets.randbelow(prime - 1) for _ in range(threshold - 1))]
    return {x: sum(a * pow(x, k, prime) for k, a in enumerate(polynomial)) % prime for x in holders}
