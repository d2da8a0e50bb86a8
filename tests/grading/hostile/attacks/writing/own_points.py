# /// attack
# tries = "Writes ten points by hand into its own row of the gradebook."
# points = 0
# shows = ["points"]
# ///
# %% before count
import sqlite3

with sqlite3.connect(f"{bait['course']}/gradebook.db", timeout=10) as gradebook:
    gradebook.execute(
        "update grade set manual_score = 10 where notebook_id in (select n.id from submitted_notebook n join "
        "submitted_assignment s on n.assignment_id = s.id where s.student_id = ?)",
        (bait["me"],),
    )
