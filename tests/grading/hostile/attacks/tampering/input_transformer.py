# /// attack
# tries = "Replaces the text of every cell that runs after its own."
# points = 0
# shows = ["points"]
# ///
# %% before count
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\n"])
