# /// attack
# tries = "Stops its own process, as Ctrl-Z does, so that whoever waits for it waits for ever."
# points = [0, 10]
# honest = true
# obtains = {seconds = 100}
# shows = ["ungraded"]
# ///
# %% before count
import os
import signal
import subprocess
import sys

later = "import os, signal, sys, time; time.sleep(100); os.kill(int(sys.argv[1]), signal.SIGCONT)"
subprocess.Popen([sys.executable, "-c", later, str(os.getpid()), bait["token"]], start_new_session=True)
os.kill(os.getpid(), signal.SIGSTOP)
