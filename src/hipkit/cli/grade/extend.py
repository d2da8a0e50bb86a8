"""`hipkit grade extend`: more time for one student."""

import click

from hipkit.cli.grade.due import show


@click.command(short_help="Give one student more time.")
@click.argument("student")
@click.argument("slug", metavar="ASSIGNMENT")
@click.argument("date")
@click.option("--reason", default="", help="For your own memory; it stays on this machine.")
def extend(student: str, slug: str, date: str, reason: str) -> None:
    """Give STUDENT until DATE for ASSIGNMENT; the assignment's own due date takes it back.

    DATE is a time in Oslo, "2026-11-23 14:00", or a day, 2026-11-23, which means all of it. It may be granted before or
    after the student has handed in.
    """
    from hipkit.grading.deadlines import extend as grant

    show(slug, grant(student, slug, date, reason))
