# /// attack
# tries = "Displays a script as such."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import Javascript, display

display(Javascript(bait["script"]))
