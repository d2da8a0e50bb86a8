"""`hipkit grade collect`: from the learning platform's download to nbgrader's folders."""

from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipkit.cli.grade.show import with_bar


@click.command(short_help="Sort submissions into nbgrader's folders.")
@click.argument("slug", metavar="ASSIGNMENT")
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE_OR_FOLDER]...")
def collect(slug: str, sources: tuple[Path, ...]) -> None:
    """Take submissions to ASSIGNMENT into assignments/submitted, each looked at first.

    FILE_OR_FOLDER is what a learning platform gave you: Canvas's archive, Moodle's or Blackboard's archive or folders,
    folders or archives named after students, or notebooks called <student>_<assignment>.ipynb. Without any, everything
    in assignments/downloaded/<assignment>/archive is taken.

    What comes in stays as it is. Of several submissions by a student the latest counts; the earlier ones are kept in
    assignments/collected. What cannot be taken is listed with the reason, for you and for the student.
    """
    screen = Console(highlight=False)
    screen.print("Collecting: every submission is looked at before it is put in its place")
    from hipkit.grading.intake import collect as take_in

    done = with_bar(screen, "Submissions", lambda progress: take_in(slug, list(sources), progress=progress))
    table = Table("Student", "Outcome", "What to know")
    for record in sorted(done.records, key=lambda one: (one.outcome, one.student)):
        if record.teacher:
            table.add_row(record.student or "?", record.outcome, Text("\n".join(record.teacher)))
    if table.row_count:
        screen.print(table)
    outcomes = Counter(record.outcome for record in done.records)
    counted = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items())) or "nothing"
    screen.print(f"{counted}; {len(done.new)} of them new")
    screen.print(f"All submissions so far, with a word to each student: {done.report}", soft_wrap=True)
