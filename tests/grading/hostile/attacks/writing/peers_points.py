# /// attack
# tries = "Takes the points of every other student away."
# points = 0
# shows = ["honest"]
# ///
# %% before count
import sqlite3

with sqlite3.connect(f"{bait['course']}/gradebook.db", timeout=10) as gradebook:
    gradebook.execute("update grade set manual_score = 0")
    gradebook.execute("update grade set auto_score = 0")
