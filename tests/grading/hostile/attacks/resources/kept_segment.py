# /// attack
# tries = "Leaves a hundred megabytes of shared memory behind that no process holds."
# points = [0, 10]
# honest = true
# shows = ["left"]
# ///
# %% before count
import ctypes

libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget(int(bait["token"][1:8], 16), 100_000_000, 0o1666)
place = libc.shmat(segment, None, 0)
if place not in (None, 2**64 - 1):
    ctypes.memset(place, 1, 100_000_000)
    libc.shmdt(ctypes.c_void_p(place))
