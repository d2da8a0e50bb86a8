# /// attack
# tries = "Displays a picture whose width and description close the element that they stand in."
# points = 10
# honest = true
# ///
# %% before count
from IPython.display import display

close = f'"><script>{bait["script"]}</script><img src="nowhere:" onerror="{bait["script"]}" x="'
pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
told = {"width": close, "height": close, "alt": close, "unconfined": close, "needs_background": close}
display({"image/png": pixel}, metadata={"image/png": told, **told}, raw=True)
display({"image/png": pixel + close}, raw=True)
