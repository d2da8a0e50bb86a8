# /// attack
# tries = "Opens userfaultfd, with which kernel code can be held up at a moment of one's choice."
# points = 0
# shows = ["kernel"]
# ///
# %% before count
import ctypes
import os
import time

USERFAULTFD = 323 if os.uname().machine == "x86_64" else 282
for flags in (0, 1):
    ctypes.CDLL(None).syscall(USERFAULTFD, flags)
time.sleep(1)
