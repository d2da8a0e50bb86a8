"""`hipkit grade`: grade a class, and see what it has understood. One file a subcommand; this file finds them."""

import importlib

import click

# Name of a subcommand -> what it does; imported when it is used, as in hipkit.cli.
COMMANDS = {
    "roster": "Put a class list into the gradebook.",
    "collect": "Sort submissions into nbgrader's folders.",
    "due": "Set or show when an assignment is due.",
    "extend": "Give one student more time.",
    "run": "Grade what a class has handed in.",
    "regrade": "Grade again with a changed assignment.",
    "report": "Show what the class has misunderstood.",
    "export": "Take the grades to Canvas or a spreadsheet.",
    "research": "Export pseudonymised results for research.",
    "selftest": "Check that the graders catch what they should.",
    "demo": "Take a demonstration class from release to grades.",
}


class GradeGroup(click.Group):
    """A click group that imports a subcommand when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return getattr(importlib.import_module(f"hipkit.cli.grade.{cmd_name}"), cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=GradeGroup, short_help="Release, collect and grade assignments with nbgrader.")
def grade() -> None:
    """Grade a class with nbgrader, and try the graders out."""
