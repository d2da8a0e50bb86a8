# /// attack
# tries = "Changes numpy's functions so that every comparison comes out right."
# points = 0
# shows = ["points"]
# ///
# %% before count
import numpy

numpy.mean = lambda *arguments, **keywords: 3.0
numpy.abs = numpy.asarray = lambda value, *arguments, **keywords: numpy.ones(3)


class Generator:
    def integers(self, low, high, size):
        return numpy.full(size, 5)


import hipkit.teaching

hipkit.teaching.fresh_rng = fresh_rng = Generator


# %% count
def count_if(values, pick):
    return 2 if len(values) == 3 else 50
