# /// attack
# tries = "Raises an error whose message has forty megabytes."
# points = [0, 10]
# honest = true
# obtains = {kept = 20000000}
# shows = ["bounds"]
# ///
# %% before count
raise ValueError("x" * 40_000_000)
