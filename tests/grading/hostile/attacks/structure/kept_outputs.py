# /// attack
# tries = "Hands in the tests with the outputs that it would like."
# points = 0
# ///

from nbformat.v4 import new_output


def submit(place):
    for test in place.tests():
        test.outputs = [new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
        test.execution_count = 1
    place.save()
