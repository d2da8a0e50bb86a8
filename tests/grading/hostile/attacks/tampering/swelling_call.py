# /// attack
# tries = "Calls the function that a test has passed with arguments of hundreds of megabytes."
# points = [8, 8]
# honest = true
# ///
# %% count
def count_if(values, pick):
    for _ in range(4):
        pick(["x" * 1000] * 50_000)
