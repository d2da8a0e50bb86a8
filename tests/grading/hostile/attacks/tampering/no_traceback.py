# /// attack
# tries = "Shows no errors."
# points = 0
# ///
# %% before count
from IPython.core.interactiveshell import InteractiveShell

InteractiveShell.showtraceback = lambda *arguments, **keywords: None
