# /// attack
# tries = "Puts out a gigabyte while a test asks for an answer."
# points = [8, 10]
# honest = true
# obtains = {grader = 700000000}
# shows = ["bounds"]
# ///
# %% count
import time


def count_if(values, pick):
    kernel = get_ipython().kernel
    for _ in range(400):
        said = {"name": "stdout", "text": "x" * 3_000_000}
        kernel.session.send(kernel.iopub_socket, "stream", said, parent=kernel.get_parent("shell"))
    time.sleep(1)
    return sum(map(pick, values))
