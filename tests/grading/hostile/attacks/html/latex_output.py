# /// attack
# tries = "Displays a formula with HTML and a link in it."
# points = 10
# honest = true
# ///
# %% before count
from IPython.display import Latex, Math, display

run = bait["script"]
display(Latex(f'<script>{run}</script>$x$<img src="nowhere:" onerror="{run}">'))
display(Math(f"\\href{{javascript:{run}}}{{x}} \\style{{background:url({bait['page']})}}{{x}}"))
