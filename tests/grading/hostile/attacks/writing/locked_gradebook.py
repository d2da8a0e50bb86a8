# /// attack
# tries = "Holds the gradebook in a lock, so that nobody else can write to it."
# points = 0
# shows = ["honest", "left"]
# ///
# %% before count
import subprocess
import sys

code = """
import sqlite3, sys, time
gradebook = sqlite3.connect(sys.argv[1], timeout=10)
gradebook.execute("begin exclusive")
print("locked", flush=True)
time.sleep(60)
"""
command = [sys.executable, "-c", code, f"{bait['course']}/gradebook.db", bait["token"]]
process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)
process.stdout.readline()
