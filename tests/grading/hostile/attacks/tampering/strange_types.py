# /// attack
# tries = "Sends arrays of types and shapes that are none."
# points = 0
# ///
# %% count
import itertools
import hipkit.grading.student_side as side

strange = itertools.cycle(
    [
        {"t": "array", "dtype": "V9", "shape": [-1], "v": "AAAA"},
        {"t": "array", "dtype": "<i8", "shape": [2**62, 2**62], "v": "AAAAAAAAAAA="},
        {"t": "array", "dtype": "i8,O", "shape": [1], "v": "AAAAAAAAAAA="},
        {"t": "rng", "id": [], "state": {"t": "dict", "v": []}},
        {"t": "frame", "index": {"t": "list", "v": []}, "v": [[{"t": "list"}, {"t": "column", "dtype": "category"}]]},
        {"t": "float", "v": {"t": "list"}},
        {"t": "int", "v": "0x" + "f" * 100_000},
        {"t": ["list"]},
        [],
        {"t": "mine"},
    ]
)
side.encode = lambda value, refer: next(strange)


def count_if(values, pick):
    return 1


longest = share_above = noisy = count_if
