# /// attack
# tries = "Handles every error by doing nothing."
# points = 0
# ///
# %% before count
get_ipython().set_custom_exc((Exception,), lambda *arguments, **keywords: None)
