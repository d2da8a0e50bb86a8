"""`hipkit grade`: try the graders out, and a whole class."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hipkit.errors import KitError

T = TypeVar("T")


@click.group(short_help="Release, collect and grade assignments with nbgrader.")
def grade() -> None:
    """Try the graders out, and a whole class. Your own class you grade with nbgrader, in the folder assignments/."""


@grade.command(short_help="Check that the graders catch what they should.")
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
        report = _with_bar(screen, slug, lambda progress, slug=slug: run(slug, seeds, jobs, progress=progress))
        table = Table("Answer", "Runs", "Points", "Loses", title=f"{slug}, {sum(report.worth.values()):g} points")
        for answer in dict.fromkeys(one.answer for one in report.runs):
            runs = [one for one in report.runs if one.answer == answer]
            sums = {sum(one.points.values()) for one in runs}
            lost = {test: {worth - one.points[test] for one in runs} for test, worth in report.worth.items()}
            table.add_row(answer, str(len(runs)), _span(sums), _lost(lost))
        screen.print(table)
        for fault in report.faults():
            screen.print(f"Fault: {fault}", markup=False, soft_wrap=True)
        faults += len(report.faults())
    if faults:
        raise KitError(f"{faults} {'fault' if faults == 1 else 'faults'} in the graders; each is listed above.")


@grade.command(short_help="Take a demonstration class through nbgrader.")
@click.argument("slug", required=False)
def demo(slug: str | None) -> None:
    """Take a class of 12 through nbgrader, from the assignment to the grades; without a SLUG, the first assignment's.

    The class stands in _build/class, a course of its own; your own submissions and grades are not touched.
    """
    screen = Console(highlight=False)
    screen.print("Class: twelve invented students hand in, nbgrader grades (about half a minute)")
    from hipkit.grading.demo import hold_class
    from hipkit.grading.release import slugs as every_slug

    there = every_slug()
    if not there:
        raise KitError("There is no assignment yet in assignments/source.")
    held = _with_bar(
        screen, "Class", lambda progress: hold_class(slug or there[0], lambda text: screen.print(text), progress)
    )
    table = Table("Student", "Handed in", "Points", "Loses", title=f"{held.slug}, {sum(held.worth.values()):g} points")
    for row in held.rows:
        lost = {test: {worth - row.points[test]} for test, worth in held.worth.items()}
        table.add_row(row.name, row.handed_in, f"{sum(row.points.values()):g}", _lost(lost))
    screen.print(table)
    if held.to_read:
        screen.print(
            f"To be read and given points by you, in the formgrader: {', '.join(held.to_read)}", soft_wrap=True
        )
    screen.print(f"Grades, to open in a spreadsheet: {held.grades}", soft_wrap=True)
    screen.print(f"Feedback as a student sees it: {held.feedback}", soft_wrap=True)
    jupyter = Path(sys.executable).with_name("jupyter")
    screen.print(f"This class in the formgrader: cd {held.root} && {jupyter} lab", soft_wrap=True)


def _with_bar(screen: Console, name: str, work: Callable[[Callable[[int, int], None]], T]) -> T:
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)
        return work(lambda done, total: bar.update(task, completed=done, total=total))


def _lost(points: dict[str, set[float]]) -> str:
    """Points lost by test cell, as text; "everything" where each test takes some."""
    shown = [f"{test} {_span(lost)}" for test, lost in points.items() if lost != {0}]
    return "everything" if len(shown) == len(points) else ", ".join(shown)


def _span(points: set[float]) -> str:
    return f"{min(points):g}" if len(points) == 1 else f"{min(points):g} to {max(points):g}"
