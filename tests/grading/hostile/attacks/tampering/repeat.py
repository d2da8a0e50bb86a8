# /// attack
# tries = "Replaces the function that repeats its answer by one that returns the right ones."
# points = 0
# shows = ["points"]
# ///
# %% noisy
import hipkit.teaching


def given(times, function, count, scale, rng):
    return [count + scale * step / times * 4 - scale * 2 for step in range(times)]


hipkit.teaching.repeat = repeat = given


def noisy(count, scale, rng):
    return count
