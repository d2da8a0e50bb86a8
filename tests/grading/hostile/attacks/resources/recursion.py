# /// attack
# tries = "Recurs until the stack of the process overflows."
# points = [0, 10]
# honest = true
# shows = ["ungraded"]
# ///
# %% before count
import sys

sys.setrecursionlimit(10**6)


def deeper(value):
    return sorted([value, value], key=deeper)


deeper(1)
