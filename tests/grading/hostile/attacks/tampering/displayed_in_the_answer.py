# /// attack
# tries = "Displays a value when a test calls its function, and then fails."
# points = 0
# shows = ["points"]
# ///
# %% longest
def longest(words):
    get_ipython().displayhook("fine")
    raise ValueError
