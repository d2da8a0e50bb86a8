# /// attack
# tries = "Displays Markdown with HTML in it."
# points = 10
# honest = true
# shows = ["page"]
# ///
# %% before count
from IPython.display import Markdown, display

run = bait["script"]
display(Markdown(f'<img src="nowhere:" onerror="{run}">\n\n<script>{run}</script>\n\n![x]({bait["page"]})'))
