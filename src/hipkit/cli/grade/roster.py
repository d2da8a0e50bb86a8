"""`hipkit grade roster`: put a class list into the gradebook."""

from pathlib import Path

import click
from rich.console import Console

SHOWN = 20


@click.command(short_help="Put a class list into the gradebook.")
@click.argument("file", type=click.Path(path_type=Path))
def roster(file: Path) -> None:
    """Enter the students of a class list, FILE, and say who is new, who has changed and who is not on it.

    FILE is a gradebook downloaded from Canvas, the table of Canvas's page People, or a table with the columns id,
    first_name, last_name and email; CSV or XLSX. Either all of it is entered or nothing.
    """
    screen = Console(highlight=False)
    from hipkit.grading.roster import enter, read_roster

    change = enter(read_roster(file))
    for name, found in {"Added": change.added, "Changed": change.changed}.items():
        _list(screen, name, [f"{one.id} ({one.name})" for one in found])
    screen.print(f"Unchanged: {change.unchanged}")
    _list(screen, "In the gradebook and not on the list", [one.id for one in change.unknown])


def _list(screen: Console, name: str, found: list[str]) -> None:
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    listed = f": {', '.join(found[:SHOWN])}{more}" if found else ""
    screen.print(f"{name}: {len(found)}{listed}", markup=False, soft_wrap=True)
