# /// mutant
# misconception = "Points counted from 0, so that the first holder gets the secret itself"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"split-join-test" = 2, "split-secret-test" = 1}
# ///
# %% split
def split(secret: int, threshold: int, holders: list[int], prime: int) -> dict[int, int]:
    polynomial = [secret, *(secrets.randbelow(prime) for _ in range(threshold - 1))]
    return {
        holder: sum(a * pow(x, k, prime) for k, a in enumerate(polynomial)) % prime for x, holder in enumerate(holders)
    }
