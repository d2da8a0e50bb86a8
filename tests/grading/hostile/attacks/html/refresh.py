# /// attack
# tries = "Displays HTML that leads the reader away to a page of its own."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import HTML, display

display(HTML(f'<meta http-equiv="refresh" content="0; url={bait["page"]}">'))
