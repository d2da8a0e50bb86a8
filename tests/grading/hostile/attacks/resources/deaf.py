# /// attack
# tries = "Computes without end and does not listen to interrupts."
# points = [0, 10]
# honest = true
# obtains = {seconds = 100}
# shows = ["ungraded"]
# ///
# %% before count
import signal
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
end = time.monotonic() + 100
while time.monotonic() < end:
    pass
