# /// mutant
# misconception = "A polynomial of the threshold's degree, which needs one share more"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"split-join-test" = 2}
# ///
# %% split
def split(secret: int, threshold: int, holders: list[int], prime: int) -> dict[int, int]:
    polynomial = [secret, *(secrets.randbelow(prime) for _ in range(threshold))]
    return {x: sum(a * pow(x, k, prime) for k, a in enumerate(polynomial)) % prime for x in holders}
