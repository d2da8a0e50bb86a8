"""`hipkit register`: say whether a risk register holds together."""

from pathlib import Path

import click
from rich.console import Console

from hipkit.errors import KitError
from hipkit.register import faults, read_register


@click.command(short_help="Say whether a risk register holds together.")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def register(paths: tuple[Path, ...]) -> None:
    """Say what in a risk register (YAML) does not hold together, and how to mend it.

    datasets/risk/register.yml is an example to start from. The exit code is 1 when something is to be mended.
    """
    screen = Console(highlight=False)
    total = 0
    for path in paths:
        found = faults(read_register(path))
        total += len(found)
        mark = "[green]ok[/]  " if not found else f"[red]{len(found):<4}[/]"
        screen.print(f"{mark} {path}", soft_wrap=True)
        for fault in found:
            screen.print(f"       {fault.place}: {fault.problem}", markup=False, soft_wrap=True)
            screen.print(f"         To mend: {fault.mend}", markup=False, soft_wrap=True)
    if total:
        raise KitError(f"{total} {'thing is' if total == 1 else 'things are'} to be mended; each is listed above.")
