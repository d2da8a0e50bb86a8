# /// attack
# tries = "Returns things that are equal to everything and larger than everything."
# points = 0
# shows = ["ungraded"]
# ///
# %% before count
import builtins


class Yes(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    def __gt__(self, other):
        return True

    def __bool__(self):
        return True

    def __len__(self):
        return 10**6

    def __getattr__(self, name):
        return lambda *arguments, **keywords: self

    def __call__(self, *arguments, **keywords):
        return self

    __hash__ = float.__hash__


builtins.isinstance = lambda *arguments: True
builtins.set = builtins.len = lambda *arguments: 10**6
# %% count
count_if = longest = share_above = noisy = Yes(3)
