"""`hipkit grade regrade`: what a changed test would change, before it is written."""

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipkit.cli.grade.show import with_bar


@click.command(short_help="Grade again with a changed assignment.")
@click.argument("slug", metavar="ASSIGNMENT")
@click.option("--yes", is_flag=True, help="Write the new grades without asking.")
@click.option("--no-sandbox", is_flag=True, help="Run students' code as yourself; see hipkit grade run.")
def regrade(slug: str, yes: bool, no_sandbox: bool) -> None:
    """Grade again what was graded with an earlier version of ASSIGNMENT.

    Shows whose points would change and by how much, and asks before it writes. Points given by hand stay.
    """
    screen = Console(highlight=False)
    from hipkit.grading.batch import Change
    from hipkit.grading.batch import regrade as grade_again

    def agree(changes: list[Change]) -> bool:
        table = Table("Student", "Before", "After", "Change", "Tests", title=f"{slug}: {len(changes)} would change")
        for one in changes:
            before, after = (sum(points or 0 for points in side.values()) for side in (one.before, one.after))
            tests = [f"{name} {one.before[name]:g} to {one.after[name]:g}" for name in _changed(one)]
            table.add_row(Text(one.student), f"{before:g}", f"{after:g}", f"{after - before:+g}", ", ".join(tests))
        screen.print(table if changes else f"{slug}: nobody's points would change")
        return yes or click.confirm("Write the new grades?", default=False)

    outcome = with_bar(
        screen, slug, lambda progress: grade_again(slug, agree, contained=not no_sandbox, progress=progress)
    )
    left = len(outcome.outdated)
    screen.print(f"{len(outcome.unchanged)} up to date" + (f", {left} of an earlier version" if left else ""))


def _changed(change) -> list[str]:
    return [
        name
        for name, points in change.before.items()
        if points is not None and change.after[name] is not None and points != change.after[name]
    ]
