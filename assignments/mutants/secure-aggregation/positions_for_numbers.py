# /// mutant
# misconception = "Shares counted 1, 2, 3 whoever holds them"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"join-test" = 2}
# ///
# %% join
def join(shares: dict[int, int], prime: int) -> int:
    secret = 0
    numbers = range(1, len(shares) + 1)
    for x, y in zip(numbers, shares.values(), strict=True):
        for other in numbers:
            if other != x:
                y = y * other * pow(other - x, -1, prime) % prime
        secret += y
    return secret % prime
