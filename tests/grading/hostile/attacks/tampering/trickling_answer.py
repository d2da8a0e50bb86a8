# /// attack
# tries = "Sends its answer a byte a second, so that no wait is ever over."
# points = [0, 10]
# honest = true
# obtains = {seconds = 150}
# ///
# %% count
import hipkit.grading.student_side as side
import time


def send(line, message):
    line.sendall(b"\0\0\1\0")
    for _ in range(150):
        line.sendall(b" ")
        time.sleep(1)


def count_if(values, pick):
    side.send = send
