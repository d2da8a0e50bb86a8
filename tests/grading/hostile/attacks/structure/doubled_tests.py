# /// attack
# tries = "Adds a second, empty copy of each test under the same id, before and after the real one."
# points = 0
# ///

import copy


def submit(place):
    for test in place.tests():
        for offset in (0, 2):
            double = copy.deepcopy(test)
            double.source, double.id = "pass", f"double-{offset}-{test.id}"
            place.notebook.cells.insert(place.notebook.cells.index(test) + offset, double)
    place.save()
