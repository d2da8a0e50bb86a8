# /// mutant
# misconception = "Coefficients drawn from a fixed small range, so that one share tells the secret's high digits"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"split-secret-test" = 1}
# ///
# %% split
def split(secret: int, threshold: int, holders: list[int], prime: int) -> dict[int, int]:
    polynomial = [secret, *(secrets.randbelow(1000) for _ in range(threshold - 1))]
    return {x: sum(a * pow(x, k, prime) for k, a in enumerate(polynomial)) % prime for x in holders}
