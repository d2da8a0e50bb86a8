# /// attack
# tries = "Displays a drawing with a script in it."
# points = 10
# honest = true
# ///
# %% before count
from IPython.display import SVG, display

run = bait["script"]
display(
    SVG(f'''<svg xmlns="http://www.w3.org/2000/svg" onload="{run}"><script>{run}</script>
<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="nowhere:" onerror="{run}" /></foreignObject></svg>''')
)
