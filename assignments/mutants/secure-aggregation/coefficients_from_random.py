# /// mutant
# misconception = "Secrets drawn from a generator that can be predicted"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"split-secret-test" = 1}
# ///
# %% split
import random


def split(secret: int, threshold: int, holders: list[int], prime: int) -> dict[int, int]:
    polynomial = [secret, *(random.randrange(prime) for _ in range(threshold - 1))]
    return {x: sum(a * pow(x, k, prime) for k, a in enumerate(polynomial)) % prime for x in holders}
