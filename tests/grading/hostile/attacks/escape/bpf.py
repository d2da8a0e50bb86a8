# /// attack
# tries = "Loads a program into the kernel."
# points = 0
# shows = ["kernel"]
# ///
# %% before count
import ctypes
import os
import struct
import time

BPF, LOAD, SOCKET_FILTER = (321 if os.uname().machine == "x86_64" else 280), 5, 1
program = ctypes.create_string_buffer(struct.pack("<BBhi", 0xB7, 0, 0, 0) + struct.pack("<BBhi", 0x95, 0, 0, 0))
terms = ctypes.create_string_buffer(b"GPL")
wish = struct.pack("<IIQQIIQ", SOCKET_FILTER, 2, ctypes.addressof(program), ctypes.addressof(terms), 0, 0, 0)
wish = ctypes.create_string_buffer(wish, 128)
ctypes.CDLL(None).syscall(BPF, LOAD, wish, 128)
time.sleep(1)
