"""`hipkit grade research`: a pseudonymised export for research on learning."""

from pathlib import Path

import click
from rich.console import Console

from hipkit.cli.grade.show import with_bar
from hipkit.paths import ASSIGNMENTS

NOTE = """\
These are personal data still: who holds the key can say who is who, and who knows a student may find the row.
Research needs a legal basis (Article 6 GDPR) and safeguards (Article 89), and this export is only a part of the
safeguards. Read README.md beside the data, and ask your data protection officer, before you use them."""


@click.command(short_help="Export pseudonymised results for research.")
@click.argument("slug", metavar="[ASSIGNMENT]", required=False)
@click.option(
    "--without", type=click.Path(path_type=Path), help="Class list of who is not to be in it, such as without consent."
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder.  [default: assignments/research]"
)
def research(slug: str | None, without: Path | None, out: Path | None) -> None:
    """Write what the class achieved, by task, of all assignments or of one ASSIGNMENT, without saying who is who.

    Students get pseudonyms that only the key in assignments/pseudonyms.key undoes. There is no free text and no time
    of day, and no value of a column that fewer than five students have.
    """
    screen = Console(highlight=False)
    from hipkit.grading.classbook import assignments
    from hipkit.grading.research import export_research
    from hipkit.grading.roster import read_roster

    slugs = [slug] if slug else assignments()
    left_out = [one.id for one in read_roster(without)] if without else []
    done = with_bar(
        screen,
        "Research",
        lambda progress: export_research(slugs, out or ASSIGNMENTS / "research", left_out, progress=progress),
    )
    screen.print(f"{done.participants} students, {100 * done.withheld:.0f} % of the outcomes withheld")
    screen.print(f"Data, with their description: {done.folder}", soft_wrap=True)
    screen.print(f"Key, to stay with you: {done.key}", soft_wrap=True)
    screen.print(NOTE, style="bold", soft_wrap=True)
