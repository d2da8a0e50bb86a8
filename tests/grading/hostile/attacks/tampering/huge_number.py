# /// attack
# tries = "Answers with a whole number of thirty million digits."
# points = 0
# ///
# %% count
def count_if(values, pick):
    return 1 << 100_000_000


# %% longest
def longest(words):
    return "x" * 50_000_000
