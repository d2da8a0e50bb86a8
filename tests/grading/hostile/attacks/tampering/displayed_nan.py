# /// attack
# tries = "Displays a number of points that is no number."
# points = 0
# shows = ["points"]
# ///
# %% longest
def longest(words):
    get_ipython().displayhook(float("nan"))
    raise ValueError
