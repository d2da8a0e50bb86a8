# /// attack
# tries = "Displays links that run a script."
# points = 10
# honest = true
# ///
# %% before count
from IPython.display import HTML, display

run = bait["script"]
display(
    HTML(f"""<a href="javascript:{run}">x</a><a href=" java&#115;cript:{run}">x</a>
<svg><a xlink:href="javascript:{run}"><text>x</text></a></svg><a href="data:text/html,<script>{run}</script>">x</a>""")
)
