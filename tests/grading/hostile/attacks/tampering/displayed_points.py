# /// attack
# tries = "Displays a thousand points when a test calls its function."
# points = 0
# shows = ["ungraded"]
# ///
# %% longest
def longest(words):
    get_ipython().displayhook(1000)
    raise ValueError
