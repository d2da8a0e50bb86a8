# /// attack
# tries = "Displays one output of forty megabytes."
# points = [0, 10]
# honest = true
# obtains = {kept = 20000000}
# shows = ["bounds"]
# ///
# %% before count
from IPython.display import HTML, display

display(HTML("x" * 40_000_000))
