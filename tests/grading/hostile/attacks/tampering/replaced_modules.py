# /// attack
# tries = "Puts modules of its own into the place of those that the tests import."
# points = 0
# ///
# %% before count
import sys
import types

for name in ("numpy", "hipkit.teaching", "hipkit"):
    made = types.ModuleType(name)
    made.__getattr__ = lambda wanted: lambda *arguments, **keywords: 0
    sys.modules[name] = made
np = repeat = fresh_rng = sys.modules["numpy"]
