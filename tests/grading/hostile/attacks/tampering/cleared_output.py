# /// attack
# tries = "Clears the output after each cell, and the error with it."
# points = 0
# ///
# %% before count
from IPython.display import clear_output

get_ipython().events.register("post_run_cell", lambda result: clear_output())
