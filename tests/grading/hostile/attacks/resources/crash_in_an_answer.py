# /// attack
# tries = "Crashes the process when a test calls the function."
# points = [0, 8]
# honest = true
# shows = ["ungraded"]
# ///
# %% count
import ctypes


def count_if(values, pick):
    return ctypes.string_at(0)
