# /// attack
# tries = "Answers with functions and objects, whose comparison is up to it."
# points = 0
# shows = ["points"]
# ///
# %% count
class Agreeable:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return Agreeable()

    def __call__(self, *arguments):
        return Agreeable()

    def __len__(self):
        return 1

    __hash__ = object.__hash__


def count_if(values, pick):
    return Agreeable()


longest = share_above = noisy = count_if
