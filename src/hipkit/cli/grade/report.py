"""`hipkit grade report`: what the class has misunderstood."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hipkit.cli.grade.show import with_bar
from hipkit.paths import ASSIGNMENTS


@click.command(short_help="Show what the class has misunderstood.")
@click.argument("slug", metavar="[ASSIGNMENT]", required=False)
@click.option("--names", is_flag=True, help="Say who is who. Without it no name or id leaves the gradebook.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder.  [default: assignments/reports]")
def report(slug: str | None, names: bool, out: Path | None) -> None:
    """Write a page and a table about each assignment that the class has handed in, or about one ASSIGNMENT.

    The page counts known misconceptions, and shows points, how hard each task was, time, and what a person should look
    at. It works without a network.
    """
    screen = Console(highlight=False)
    screen.print("Report: comparing the class with the known wrong answers")
    from hipkit.grading.classbook import assignments
    from hipkit.grading.report import report_on
    from hipkit.grading.report_page import write_report

    for one in [slug] if slug else assignments():
        found = with_bar(screen, one, lambda progress, one=one: report_on(one, progress=progress))
        page, table = write_report(found, (out or ASSIGNMENTS / "reports") / one, names)
        counts = Table("Students", "Misconception", title=one)
        for mutants, students in found.misconceptions():
            counts.add_row(str(len(students)), "\nor ".join(mutant.misconception for mutant in mutants))
        screen.print(counts if counts.row_count else f"{one}: no known misconception")
        screen.print(f"Page, to open in a browser: {page}", soft_wrap=True)
        screen.print(f"Table, for a spreadsheet: {table}", soft_wrap=True)
