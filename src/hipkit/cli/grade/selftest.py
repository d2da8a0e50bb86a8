"""`hipkit grade selftest`: do the graders catch what they should?"""

import click
from rich.console import Console
from rich.table import Table

from hipkit.cli.grade.show import lost, span, with_bar
from hipkit.errors import KitError


@click.command(short_help="Check that the graders catch what they should.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--seeds", default=100, show_default=True, type=click.IntRange(1), help="Seeds for the reference.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one a core]")
def selftest(slugs: tuple[str, ...], seeds: int, jobs: int | None) -> None:
    """Grade the reference solution, the released copy and every wrong answer; without a SLUG, of every assignment.

    The exit code is 1 when a grader takes points from the reference, gives points to the released copy, or takes from a
    wrong answer anything but what it must lose.
    """
    screen = Console(highlight=False)
    screen.print("Grading the reference, the released copy and every wrong answer")
    from hipkit.grading.release import slugs as every_slug
    from hipkit.grading.selftest import run

    chosen = slugs or tuple(every_slug())
    if not chosen:
        raise KitError("There is no assignment yet in assignments/source.")
    faults = 0
    for slug in chosen:
        report = with_bar(screen, slug, lambda progress, slug=slug: run(slug, seeds, jobs, progress=progress))
        table = Table("Answer", "Runs", "Points", "Loses", title=f"{slug}, {sum(report.worth.values()):g} points")
        for answer in dict.fromkeys(one.answer for one in report.runs):
            runs = [one for one in report.runs if one.answer == answer]
            sums = {sum(one.points.values()) for one in runs}
            taken = {test: {worth - one.points[test] for one in runs} for test, worth in report.worth.items()}
            table.add_row(answer, str(len(runs)), span(sums), lost(taken))
        screen.print(table)
        for fault in report.faults():
            screen.print(f"Fault: {fault}", markup=False, soft_wrap=True)
        faults += len(report.faults())
    if faults:
        raise KitError(f"{faults} {'fault' if faults == 1 else 'faults'} in the graders; each is listed above.")
