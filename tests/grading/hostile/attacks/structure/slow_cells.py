# /// attack
# tries = "Hands in a hundred cells that each take a little less than what one cell may take."
# points = [0, 10]
# honest = true
# obtains = {seconds = 200}
# ///

from nbformat.v4 import new_code_cell


def submit(place):
    place.notebook.cells += [new_code_cell("import time; time.sleep(2)") for _ in range(100)]
    place.save()
