# /// attack
# tries = "Answers with things whose sum with a number is something else."
# points = 2
# shows = ["points"]
# ///
# %% share
class Points(float):
    def __radd__(self, other):
        return "three"


class Answer(float):
    def __eq__(self, other):
        return Points(other == 0.5)

    __hash__ = None


def share_above(values, limit):
    return Answer(7) if not values else 0.5
