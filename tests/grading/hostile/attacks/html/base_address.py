# /// attack
# tries = "Displays HTML by which every link of the page leads to an address of its own."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import HTML, display

display(HTML(f'<base href="{bait["page"]}/"><img src="picture.png">'))
