# /// attack
# tries = "Poisons the teacher's set-up cell."
# points = 0
# ///


def submit(place):
    place.cell("setup").source = (
        "import builtins\nbuiltins.AssertionError = type('Mild', (Exception,), {})\n"
        "class Generator:\n    integers = lambda *a: None\nfresh_rng = repeat = np = Generator\n"
    )
    place.cell("setup").metadata.nbgrader["locked"] = False
    place.save()
