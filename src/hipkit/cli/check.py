"""`hipkit check`: read the whole course and say what to mend."""

import click
from rich.console import Console
from rich.progress import track

from hipkit.checks import ALL, findings_of
from hipkit.errors import KitError
from hipkit.paths import ROOT


@click.command(short_help="Check that the course is complete and consistent.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def check(names: tuple[str, ...]) -> None:
    """Check that the course is complete and consistent, and say how to mend what is not.

    Without a NAME every check runs. The exit code is 1 when something is to be mended.
    """
    by_name = {one.name: one for one in ALL}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise KitError(f"There is no check called {unknown[0]!r}. The checks are: {', '.join(by_name)}.")
    chosen = [by_name[name] for name in names] or list(ALL)
    screen = Console(highlight=False)
    total = 0
    broken = []
    results = []
    for one in track(chosen, description="Checking", console=screen, transient=True, disable=not screen.is_terminal):
        try:
            results.append((one, findings_of(one, ROOT)))
        except Exception as error:  # the other checks' findings are shown before it is raised
            error.add_note(f"The check {one.name} could not be finished.")
            broken.append(error)
    for one, findings in results:
        total += len(findings)
        mark = "[green]ok[/]  " if not findings else f"[red]{len(findings):<4}[/]"
        screen.print(f"{mark} {one.name:<18} {one.meaning}", soft_wrap=True)
        for finding in findings:
            where = f"{finding.file}:{finding.line}" if finding.line else finding.file
            screen.print(f"       {where}: {finding.problem}", markup=False, soft_wrap=True)
            screen.print(f"         To mend: {finding.mend}", markup=False, soft_wrap=True)
    if broken:
        raise ExceptionGroup("A check is broken, not the course", broken)
    if total:
        raise KitError(f"{total} {'thing is' if total == 1 else 'things are'} to be mended; each is listed above.")
