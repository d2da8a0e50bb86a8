# /// attack
# tries = "Calls a service on this machine's loopback address."
# points = 0
# shows = ["network", "leak"]
# ///
# %% before count
import urllib.request

print(urllib.request.urlopen(bait["page"], timeout=5).read().decode())
