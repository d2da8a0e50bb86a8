"""What a student can try against another student's server from the own account, with the ports of the machine.

    neighbour.py ask ACCOUNT PATH    asks every port of the other's for the path, with the own key
    neighbour.py listen ACCOUNT      listens to the other's kernels until the file ~/stop is there, a minute at most

Prints what comes back.
"""

import os
import pwd
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

import zmq

LISTENS = "0A"


def ports_of(account: str) -> set[int]:
    """The TCP ports on which the account's processes listen; the system tells everybody."""
    uid = str(pwd.getpwnam(account).pw_uid)
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {int(line[1].split(":")[1], 16) for line in lines if line[3] == LISTENS and line[7] == uid}


def ask(account: str, path: str) -> None:
    """Print the answer of each port to a request for `path`."""
    for port in sorted(ports_of(account)):
        key = {"Authorization": f"token {os.environ['JUPYTERHUB_API_TOKEN']}"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/user/{account}{path}", headers=key)
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:
                print("answer", answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            print("answer", error.code, error.read().decode())
        except (OSError, HTTPException):  # a kernel's port speaks no HTTP
            continue


def listen(account: str) -> None:
    """Print on how many ports it listened and what it heard."""
    ear = zmq.Context().socket(zmq.SUB)
    ear.subscribe("")
    heard, connected, end = b"", set(), time.monotonic() + 60
    while time.monotonic() < end and not Path("~/stop").expanduser().exists():
        for port in ports_of(account) - connected:
            ear.connect(f"tcp://127.0.0.1:{port}")
            connected.add(port)
        if ear.poll(100):
            heard += b"".join(ear.recv_multipart())
    print("listened on", len(connected), "ports")
    print(heard.decode(errors="replace"))


if __name__ == "__main__":
    {"ask": ask, "listen": listen}[sys.argv[1]](*sys.argv[2:])
