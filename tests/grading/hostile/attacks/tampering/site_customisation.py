# /// attack
# tries = "Hands in files that Python runs at its start."
# points = 0
# ///


def submit(place):
    mild = "import builtins\nbuiltins.AssertionError = type('Mild', (BaseException,), {})\n"
    for name in ("sitecustomize.py", "usercustomize.py", "ipython_config.py", "conftest.py"):
        (place.folder / name).write_text(f"{mild}open({str(place.folder / 'ran.txt')!r}, 'w').write('x')")
    place.save()
