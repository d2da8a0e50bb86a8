# /// mutant
# misconception = "The polynomial derived from the secret, so that equal secrets have equal shares"
# revisit = "secure-aggregation#when-somebody-drops-out"
# loses = {"split-secret-test" = 1}
# ///
# %% split
def split(secret: int, threshold: int, holders: list[int], prime: int) -> dict[int, int]:
    polynomial = [secret]
    for k in range(1, threshold):
        drawn = hashlib.sha512(f"{secret} {k}".encode()).digest()
        polynomial.append(int.from_bytes(drawn, "big") % prime)
    return {x: sum(a * pow(x, k, prime) for k, a in enumerate(polynomial)) % prime for x in holders}
