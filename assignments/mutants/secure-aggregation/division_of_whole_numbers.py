# /// mutant
# misconception = "Divided as whole numbers instead of modulo the prime"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"join-test" = 2}
# ///
# %% join
def join(shares: dict[int, int], prime: int) -> int:
    secret = 0
    for x, y in shares.items():
        top = bottom = 1
        for other in shares:
            if other != x:
                top, bottom = top * other, bottom * (other - x)
        secret += y * (top // bottom)
    return secret % prime
