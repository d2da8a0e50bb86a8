# /// attack
# tries = "Displays HTML with a script in it."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import HTML, display

display(HTML(f"<script>{bait['script']}</script>"))
