"""`hipkit grade due`: when an assignment is due."""

from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:
    from hipkit.grading.deadlines import Deadline


@click.command(short_help="Set or show when an assignment is due.")
@click.argument("slug", metavar="ASSIGNMENT")
@click.argument("date", required=False, metavar="[DATE]")
def due(slug: str, date: str | None) -> None:
    """Give ASSIGNMENT its due date, or show it; late work loses points by the rules in assignments/policy.toml.

    DATE is a time in Oslo, "2026-11-23 14:00", or a day, 2026-11-23, which means all of it. What is graded already is
    brought up to date, so run it again after you have changed the rules or given points by hand.
    """
    from hipkit.grading.deadlines import deadline, set_due

    show(slug, set_due(slug, date) if date else deadline(slug))


def show(slug: str, found: "Deadline") -> None:
    """Say when an assignment is due and for whom later, who is late, and whose points have changed."""
    from hipkit.grading.times import MINUTE, to_oslo

    screen = Console(highlight=False, soft_wrap=True)
    screen.print(f"{slug} is due {to_oslo(found.due)} in Oslo" if found.due else f"{slug} has no due date")
    for extension in found.extensions:
        reason = f": {extension.reason}" if extension.reason else ""
        screen.print(f"  {extension.student} until {extension.until:{MINUTE}}{reason}", markup=False)
    screen.print(f"Late: {', '.join(found.late) or 'nobody so far'}", markup=False)
    if found.changed:
        screen.print(f"Points for late work changed: {', '.join(found.changed)}", markup=False)
