"""`hipkit grade export`: the grades for Canvas or a spreadsheet."""

from pathlib import Path

import click
from rich.console import Console

from hipkit.errors import KitError
from hipkit.grading.classbook import Student
from hipkit.paths import ASSIGNMENTS

SHOWN = 20


@click.command(short_help="Take the grades to Canvas or a spreadsheet.")
@click.argument("slug", metavar="[ASSIGNMENT]", required=False)
@click.option("--format", "kind", type=click.Choice(["canvas", "csv", "xlsx"]), default="csv", show_default=True)
@click.option("--canvas", type=click.Path(path_type=Path), help="The gradebook as you downloaded it from Canvas.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File.  [default: assignments/grades...]")
def export(slug: str | None, kind: str, canvas: Path | None, out: Path | None) -> None:
    """Write the grades of every assignment that has been graded, or of one ASSIGNMENT.

    For Canvas, download the gradebook there first (Grades, Export) and name that file with --canvas: only Canvas knows
    its numbers for students and assignments. Upload what is written with Grades, Import; Canvas shows what would change
    and asks.
    """
    screen = Console(highlight=False)
    from hipkit.grading.classbook import assignments
    from hipkit.grading.export import export_canvas, export_table

    slugs = [slug] if slug else assignments()
    part = f"-{slug}" if slug else ""
    path = (
        out
        or ASSIGNMENTS / f"grades{'-canvas' if kind == 'canvas' else ''}{part}.{'xlsx' if kind == 'xlsx' else 'csv'}"
    )
    if kind != "canvas":
        export_table(slugs, path)
        screen.print(f"Grades: {path}", soft_wrap=True)
        return
    if canvas is None:
        raise KitError("Download the gradebook from Canvas (Grades, Export) and name that file with --canvas.")
    done = export_canvas(slugs, canvas, path)
    for one, heading in done.columns.items():
        screen.print(f"{one}: goes into the column {heading!r}", markup=False, soft_wrap=True)
        if one in done.new:
            screen.print("  No assignment in Canvas is called so. Canvas will ask whether to make it.")
        _list(screen, "  Left as Canvas has them, for a person has still to read a text", done.waiting[one])
    _list(screen, "Not found in Canvas, and left out", done.unmatched)
    screen.print(f"Students with a grade: {done.written}")
    screen.print(f"For Canvas, Grades, Import: {path}", soft_wrap=True)


def _list(screen: Console, name: str, found: list[Student]) -> None:
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        screen.print(f"{name}: {', '.join(one.id for one in found[:SHOWN])}{more}", markup=False, soft_wrap=True)
