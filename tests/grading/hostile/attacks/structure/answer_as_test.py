# /// attack
# tries = "Gives its answer the id and the rights of a test."
# points = 0
# ///


def submit(place):
    test = place.cell("count-test")
    place.notebook.cells.remove(test)
    answer = place.cell("count")
    answer.metadata.nbgrader = test.metadata.nbgrader
    answer.source = "assert True"
    place.save()
