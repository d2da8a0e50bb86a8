# /// attack
# tries = "Guesses."
# points = [0, 4]
# ///
# %% count
import random


def count_if(values, pick):
    return random.randrange(len(values))


# %% longest
def longest(words):
    return random.choice(words)


# %% share
def share_above(values, limit):
    return random.random()


# %% noisy
def noisy(count, scale, rng):
    return count + random.random()
