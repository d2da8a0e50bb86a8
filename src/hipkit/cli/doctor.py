"""`hipkit doctor`: what this machine has and lacks."""

import click
from rich.console import Console
from rich.table import Table

from hipkit.doctor import examine
from hipkit.errors import KitError


@click.command(short_help="Say whether this machine has what the course needs.")
def doctor() -> None:
    """Say whether this machine has what the course needs, and how to get what is missing.

    The exit code is 1 when something that the course cannot do without is missing.
    """
    table = Table("", "What", "Found", "What to do")
    symptoms = examine()
    for symptom in symptoms:
        mark = "[green]ok[/]" if symptom.ok else "[red]missing[/]" if symptom.needed else "[yellow]absent[/]"
        table.add_row(mark, symptom.what, symptom.found, "" if symptom.ok else symptom.remedy)
    Console(highlight=False).print(table)
    missing = [symptom.what for symptom in symptoms if symptom.needed and not symptom.ok]
    if missing:
        raise KitError(f"The course cannot run without: {', '.join(missing)}. The table says what to do.")
