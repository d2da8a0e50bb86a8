# /// attack
# tries = "Displays a value before each cell, so that nbgrader looks no further than at the first result."
# points = 0
# shows = ["points"]
# ///
# %% before count
get_ipython().events.register("pre_run_cell", lambda info: get_ipython().displayhook("fine"))
