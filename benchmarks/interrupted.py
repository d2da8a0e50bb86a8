"""Whether an interrupted class is graded as one that was not: a batch of 20, killed at 50 random moments.

Prints what was found and writes `benchmarks/interrupted.json`, which the book shows.

    python benchmarks/interrupted.py            about ten minutes
"""

import argparse
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from grading import OURS, SLUG, hand_in

HERE = Path(__file__).parent
SEED = 2026
QUERIES = (
    """select s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade from grade g
    join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
    join submitted_assignment s on s.id = n.assignment_id order by 1, 2""",
    """select s.student_id, c.name, m.auto_comment, m.manual_comment from comment m
    join base_cell c on c.id = m.cell_id join submitted_notebook n on n.id = m.notebook_id
    join submitted_assignment s on s.id = n.assignment_id order by 1, 2""",
    "select student, fingerprint, refused, findings, suspicions from hipkit_marking order by 1",
)


def grades(course: Path) -> list[tuple]:
    """What stands in the gradebook, without ids that are drawn anew and without times."""
    with sqlite3.connect(course / "gradebook.db") as db:
        return [row for query in QUERIES for row in db.execute(query)]


def pages(course: Path) -> dict[str, bytes]:
    return {str(page.relative_to(course)): page.read_bytes() for page in sorted(course.rglob("feedback/**/*.html"))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--kills", type=int, default=50)
    asked = parser.parse_args()
    draw = random.Random(SEED)
    command = [sys.executable, "-c", OURS, SLUG]
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        hand_in(whole, asked.submissions)
        start = time.monotonic()
        subprocess.run([*command, str(whole)], check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        shutil.copytree(whole, broken)
        # Both have the seed of the tests; what was graded is taken away from one.
        for made in ("autograded", "feedback"):
            shutil.rmtree(broken / made)
        with sqlite3.connect(broken / "gradebook.db") as db:
            for table in ("grade", "comment", "submitted_notebook", "submitted_assignment", "hipkit_marking"):
                db.execute(f"delete from {table}")
        done = 0
        for _ in range(asked.kills):
            if done == asked.submissions:  # kills are left: without the notes, all is graded anew
                with sqlite3.connect(broken / "gradebook.db") as db:
                    db.execute("delete from hipkit_marking")
            going = subprocess.Popen([*command, str(broken)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.5, seconds))
            going.send_signal(signal.SIGKILL)
            going.wait()
            with sqlite3.connect(broken / "gradebook.db") as db:
                done = db.execute("select count(*) from hipkit_marking").fetchone()[0]
        subprocess.run([*command, str(broken)], check=True, stdout=subprocess.DEVNULL)
        found = {
            "submissions": asked.submissions,
            "kills": asked.kills,
            "seconds of an uninterrupted run": round(seconds, 1),
            "gradebook identical": grades(whole) == grades(broken),
            "feedback identical": pages(whole) == pages(broken),
            "grades empty": sum(row[2] is None and row[1] != "reflection" for row in grades(broken) if len(row) == 5),
            "date": date.today().isoformat(),
        }
    (HERE / "interrupted.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
