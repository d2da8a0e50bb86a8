# /// attack
# tries = "Reads from address zero, so that the process crashes."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///
# %% before count
import ctypes

ctypes.string_at(0)
