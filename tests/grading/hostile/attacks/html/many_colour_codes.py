# /// attack
# tries = "Prints a megabyte of codes by which terminals colour text."
# points = 10
# honest = true
# obtains = {seconds = 100}
# ///
# %% before count
print("\x1b[31m\x1b[" * 200_000)
