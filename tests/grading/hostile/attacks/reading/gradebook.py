# /// attack
# tries = "Reads everybody's names and points from the gradebook."
# points = 0
# shows = ["leak"]
# ///
# %% before count
import sqlite3

with sqlite3.connect(f"{bait['course']}/gradebook.db") as gradebook:
    print(gradebook.execute("select id, first_name, last_name from student").fetchall())
    print(gradebook.execute("select auto_score, manual_score from grade").fetchall())
