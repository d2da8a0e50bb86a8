# /// attack
# tries = "Puts a trigger into the gradebook that gives full points whenever its grade is written."
# points = 0
# shows = ["points"]
# ///
# %% before count
import sqlite3

with sqlite3.connect(f"{bait['course']}/gradebook.db", timeout=10) as gradebook:
    gradebook.execute(
        "create trigger generous after update on grade when new.notebook_id in (select n.id from submitted_notebook "
        f"n join submitted_assignment s on n.assignment_id = s.id where s.student_id = '{bait['me']}') "
        "begin update grade set manual_score = 10 where id = new.id; end"
    )
