# /// attack
# tries = "Displays styles that fetch from an address of its own."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import HTML, display

page = bait["page"]
display(
    HTML(f'''
<style>@import url("{page}"); body {{ background: url("{page}") }} @font-face {{ font-family: f; src: url("{page}") }}
* {{ font-family: f; }}</style><link rel="stylesheet" href="{page}"><link rel="prefetch" href="{page}">
<p style="background-image: url({page})">x</p>
''')
)
