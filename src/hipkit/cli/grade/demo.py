"""`hipkit grade demo`: a demonstration class."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hipkit.cli.grade.show import lost, with_bar
from hipkit.errors import KitError


@click.command(short_help="Take a demonstration class from release to grades.")
@click.argument("slug", required=False)
def demo(slug: str | None) -> None:
    """Take a class of 12 from the assignment to the grades; without a SLUG, the first assignment's.

    The class stands in _build/class, a course of its own; your own submissions and grades are not touched.
    """
    screen = Console(highlight=False)
    screen.print("Class: twelve invented students hand in and are graded (about half a minute)")
    from hipkit.course import load_course
    from hipkit.grading.demo import hold_class

    there = [module.slug for module in load_course().modules if module.assignment.is_file()]
    if not there:
        raise KitError("There is no assignment yet in assignments/source.")
    held = with_bar(
        screen, "Class", lambda progress: hold_class(slug or there[0], lambda text: screen.print(text), progress)
    )
    table = Table("Student", "Handed in", "Points", "Loses", title=f"{held.slug}, {sum(held.worth.values()):g} points")
    for row in held.rows:
        taken = {test: {worth - row.points[test]} for test, worth in held.worth.items()}
        table.add_row(row.name, row.handed_in, f"{sum(row.points.values()):g}", lost(taken))
    screen.print(table)
    if held.to_read:
        screen.print(
            f"To be read and given points by you, in the formgrader: {', '.join(held.to_read)}", soft_wrap=True
        )
    screen.print(f"Grades, to open in a spreadsheet: {held.grades}", soft_wrap=True)
    screen.print(f"What the class has misunderstood: {held.report}", soft_wrap=True)
    screen.print(f"Feedback as a student sees it: {held.feedback}", soft_wrap=True)
    jupyter = Path(sys.executable).with_name("jupyter")
    screen.print(f"This class in the formgrader: cd {held.root} && {jupyter} lab", soft_wrap=True)
