# /// attack
# tries = "Sends an answer that is nested a hundred thousand times."
# points = 0
# ///
# %% count
import hipkit.grading.boundary as boundary
import hipkit.grading.student_side as side
import socket
import struct


def send(line, message):
    data = b'{"do":"result","rng":[],"value":' + b'{"t":"list","v":[' * 100_000 + b"]}" * 100_000 + b"}"
    line.sendall(struct.pack(">I", len(data)) + data)


side.send = send
