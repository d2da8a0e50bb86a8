# /// attack
# tries = "Starts five hundred threads that do nothing."
# points = [0, 10]
# honest = true
# obtains = {threads = 450}
# shows = ["bounds"]
# ///
# %% before count
import threading
import time

for _ in range(500):
    try:
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    except RuntimeError:
        break
time.sleep(1)
