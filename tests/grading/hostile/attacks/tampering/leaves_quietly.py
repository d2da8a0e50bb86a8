# /// attack
# tries = "Leaves the test by the exceptions that are no errors."
# points = 0
# ///
# %% count
def count_if(values, pick):
    raise SystemExit(0)


# %% longest
def longest(words):
    raise KeyboardInterrupt


# %% share
def share_above(values, limit):
    raise GeneratorExit


# %% noisy
def noisy(count, scale, rng):
    class Quiet(BaseException):
        pass

    raise Quiet
