# /// attack
# tries = "Opens the kernel's performance events, which have had many faults."
# points = 0
# shows = ["kernel"]
# ///
# %% before count
import ctypes
import os
import struct
import time

PERF = 298 if os.uname().machine == "x86_64" else 241
wish = ctypes.create_string_buffer(struct.pack("<IIQ", 1, 112, 0), 112)  # a software clock, on this process
ctypes.CDLL(None).syscall(PERF, wish, 0, -1, -1, 0)
time.sleep(1)
