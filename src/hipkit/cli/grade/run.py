"""`hipkit grade run`: grade what a class has handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from hipkit.errors import KitError

if TYPE_CHECKING:
    from hipkit.grading.batch import Outcome

AT_STAKE = """\
Without the sandbox, students' code runs as you. It can read your files, send them away, change grades, and delete what
you can delete. Go on only with code that you would run yourself, on a machine that holds nothing else."""


class PerMinute(ProgressColumn):
    """How many submissions a minute have been graded in this run."""

    def render(self, task: Task) -> Text:
        return Text("" if not task.finished_speed and not task.speed else f"{60 * (task.speed or 0):.0f}/min")


@click.command(short_help="Grade what a class has handed in.")
@click.argument("slug", metavar="[ASSIGNMENT]", required=False)
@click.option("--jobs", type=click.IntRange(1), help="Grading processes.  [default: two a core]")
@click.option("--dask", metavar="ADDRESS", help="Let the workers of this Dask scheduler grade.")
@click.option("--no-sandbox", is_flag=True, help="Run students' code as yourself. Read what is at stake first.")
def run(slug: str | None, jobs: int | None, dask: str | None, no_sandbox: bool) -> None:
    """Collect what lies in downloaded/, grade what is new in submitted/, and write grades and feedback.

    Without an ASSIGNMENT, every one that somebody handed in. Students' code runs contained. Interrupted, it goes on
    where it was. The exit code is 1 when a submission could not be graded.
    """
    screen = Console(highlight=False)
    if no_sandbox:
        screen.print(AT_STAKE, style="bold red")
    from hipkit.grading.batch import run as grade
    from hipkit.grading.intake import collect
    from hipkit.grading.release import slugs
    from hipkit.paths import ASSIGNMENTS

    downloads = {one: ASSIGNMENTS / "downloaded" / one / "archive" for one in slugs()}
    waiting = {one for one, folder in downloads.items() if folder.is_dir() and any(folder.iterdir())}
    known = [one for one in slugs() if one in waiting or any((ASSIGNMENTS / "submitted").glob(f"*/{one}"))]
    chosen = [slug] if slug else known
    if not chosen:
        raise KitError("Nobody has handed in anything. Take in what there is with: hipkit grade collect")
    troubled = 0
    for one in chosen:
        if one in waiting:
            collected = collect(one, [])
            screen.print(f"{one}: {len(collected.new)} new in {downloads[one]}; all that came in: {collected.report}")
        columns = (TextColumn(one), BarColumn(), MofNCompleteColumn(), PerMinute(), TimeRemainingColumn())
        with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
            task = bar.add_task("", total=None)
            outcome = grade(
                one,
                jobs=jobs,
                dask=dask,
                contained=not no_sandbox,
                progress=lambda done, total, bar=bar, task=task: bar.update(task, completed=done, total=total),
            )
        _show(screen, one, outcome)
        troubled += len(outcome.refused) + len(outcome.failed)
    if troubled:
        raise KitError(f"{troubled} {'submission' if troubled == 1 else 'submissions'} could not be graded; see above.")


def _show(screen: Console, slug: str, outcome: Outcome) -> None:
    screen.print(f"{slug}: {len(outcome.graded)} graded, {len(outcome.unchanged)} unchanged")
    if outcome.outdated:
        screen.print(
            f"{len(outcome.outdated)} were graded with an earlier version of the assignment and stay as they are. To "
            f"see what would change: hipkit grade regrade {slug}",
            soft_wrap=True,
        )
    if outcome.refused or outcome.failed:
        table = Table("Student", "Not graded, because", "What the student reads", title="Could not be graded")
        for student, finding in outcome.refused.items():
            table.add_row(*map(Text, (student, finding.teacher, finding.student)))
        for student, reason in outcome.failed.items():
            table.add_row(Text(student), Text(reason), "nothing yet; it is tried again in the next run")
        screen.print(table)
    if outcome.suspicious:
        table = Table("Student", "Why", title="To be looked at by a person")
        for student, reasons in outcome.suspicious.items():
            table.add_row(Text(student), Text("\n".join(reasons)))
        screen.print(table)
