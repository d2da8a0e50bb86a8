"""The `hipkit` command. One file a subcommand; this file finds them and makes one message of an expected failure."""

import errno
import importlib

import click

from hipkit import __version__
from hipkit.errors import KitError

# Name of a subcommand -> what it does. `hipkit.cli.<name>` holds a click command that is also called <name>.
# It is imported when it is used: `hipkit --help` answers at once, and a slow library costs only those who need it.
COMMANDS = {
    "book": "Make the data, run every notebook and build the book.",
    "serve": "Show the built book in a web browser.",
    "lab": "Open the labs in JupyterLab.",
    "data": "Make and inspect the synthetic patients.",
    "grade": "Release, collect and grade assignments with nbgrader.",
    "check": "Check that the course is complete and consistent.",
    "register": "Say whether a risk register holds together.",
    "doctor": "Say whether this machine has what the course needs.",
}


class CourseGroup(click.Group):
    """A click group that imports a subcommand when it is called and prints expected failures as one message.

    A `KitError` or a full disk ends in exit code 1 and one message on stderr. Anything else is a bug: its traceback
    shows.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return getattr(importlib.import_module(f"hipkit.cli.{cmd_name}"), cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KitError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            where = f" while writing {error.filename}" if error.filename else ""
            message = f"The disk is full{where}. Free some space and run the same command again."
            raise click.ClickException(message) from error


@click.group(cls=CourseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hipkit")
def main() -> None:
    """The HIP course on health-data security and privacy: build it, read it, run it, grade it."""
