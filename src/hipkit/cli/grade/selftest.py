"""`hipkit grade selftest`: do the graders catch what they should?"""

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from hipkit.cli.grade.show import lost, span, with_bar
from hipkit.errors import KitError

if TYPE_CHECKING:
    from hipkit.grading.selftest import Report


@click.command(short_help="Check that the graders catch what they should.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--all", "again", is_flag=True, help="Run again also what has not changed.")
@click.option("--seeds", default=100, show_default=True, type=click.IntRange(1), help="Seeds for the reference.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one a core]")
def selftest(slugs: tuple[str, ...], again: bool, seeds: int, jobs: int | None) -> None:
    """Grade the reference solution, the released copy and every wrong answer; without a SLUG, of every assignment.

    What has not changed since its last run is not run again. With a SLUG, what each answer loses is shown too.

    The exit code is 1 when a grader takes points from the reference, gives points to the released copy, or takes from a
    wrong answer anything but what it must lose.
    """
    screen = Console(highlight=False)
    screen.print("Grading the reference, the released copy and every wrong answer")
    from hipkit.datasets.course_population import make_course_population
    from hipkit.grading.release import slugs as every_slug
    from hipkit.grading.results import results

    chosen = list(dict.fromkeys(slugs)) or every_slug()
    if not chosen:
        raise KitError("There is no assignment yet in assignments/source.")
    with_bar(screen, "Data", make_course_population)
    found = with_bar(screen, "Answers", lambda progress: list(results(chosen, seeds, again, jobs, progress=progress)))
    faults = 0
    for report, ran in found:
        if slugs:
            screen.print(_answers(report))
        screen.print(_tasks(report, ran))
        for fault in report.faults():
            screen.print(f"Fault: {fault}", markup=False, soft_wrap=True)
        faults += len(report.faults())
    run = sum(ran for _, ran in found)
    screen.print(f"{run} {'assignment' if run == 1 else 'assignments'} run, {len(found) - run} unchanged")
    if faults:
        raise KitError(f"{faults} {'fault' if faults == 1 else 'faults'} in the graders; each is listed above.")


def _answers(report: "Report") -> Table:
    table = Table("Answer", "Runs", "Points", "Loses", title=f"{report.slug}, {sum(report.worth.values()):g} points")
    for answer in report.outcomes:
        points = report.points(answer)
        taken = {test: {worth - one for one in points[test]} for test, worth in report.worth.items()}
        table.add_row(answer, str(report.runs(answer)), _total(report, answer), lost(taken))
    return table


def _total(report: "Report", answer: str) -> str:
    """The sum of an answer's points, from the least to the most that its test cells gave."""
    points = report.points(answer).values()
    return span({sum(min(one) for one in points), sum(max(one) for one in points)})


def _tasks(report: "Report", ran: bool) -> Table:
    seeds = f"{report.seeds} {'seed' if report.seeds == 1 else 'seeds'}"
    table = Table(title=f"{report.slug}, {seeds}{'' if ran else ' (unchanged)'}")
    table.add_column("Task")
    for head in ("Points", "Test cells that catch", "Wrong answers caught"):
        table.add_column(head, justify="right")
    for task in report.tasks:
        if task.tests:
            catch = len(task.tests) - len(report.unkilled(task))
            caught = f"{len(report.caught(task))} of {len(report.wrong_answers(task))}"
            table.add_row(task.title, f"{task.points:g}", f"{catch} of {len(task.tests)}", caught)
    return table
