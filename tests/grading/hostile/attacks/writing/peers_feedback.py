# /// attack
# tries = "Rewrites the feedback and the graded notebook of a student who was graded earlier."
# points = 0
# shows = ["changed"]
# ///
# %% before count
from pathlib import Path

for folder in ("autograded", "feedback"):
    for file in Path(bait["course"], folder, "aase").rglob("*.*"):
        file.chmod(0o644)
        file.write_text(file.read_text().replace("Tallies", bait["token"]))
