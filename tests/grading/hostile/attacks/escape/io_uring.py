# /// attack
# tries = "Opens io_uring, by which files and sockets are used past a filter of system calls."
# points = 0
# shows = ["kernel"]
# ///
# %% before count
import ctypes
import time

ctypes.CDLL(None).syscall(425, 4, ctypes.create_string_buffer(120))
time.sleep(1)
