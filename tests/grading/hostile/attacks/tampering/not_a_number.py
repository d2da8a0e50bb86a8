# /// attack
# tries = "Answers with what is no number, or is larger than any."
# points = 0
# ///
# %% count
def count_if(values, pick):
    return float("nan")


# %% longest
def longest(words):
    return float("inf")


# %% share
def share_above(values, limit):
    return 10**5_000


# %% noisy
def noisy(count, scale, rng):
    return complex("nan+infj")
