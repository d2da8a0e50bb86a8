"""`hipkit lab`: JupyterLab on this clone, set up for the course and quiet on the network."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import click

from hipkit.cli.data import make
from hipkit.errors import KitError
from hipkit.paths import ASSIGNMENTS, NOTEBOOKS, POPULATION, ROOT


def require_free(port: int) -> None:
    """Raise KitError when another program listens on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        if os.name == "posix":  # a port in the wait after closing counts as free, as it does for the server
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise KitError(
                f"Port {port} is in use by another program. Stop that program, or choose another port: "
                f"hipkit lab --port {port + 1}"
            ) from error


SETTINGS = Path(__file__).with_name("jupyterlab")


@click.command(short_help="Open the labs in JupyterLab.")
@click.argument("slug", required=False)
@click.option("--port", default=8888, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--browser/--no-browser", default=True, help="Open a browser window.  [default: browser]")
@click.pass_context
def lab(context: click.Context, slug: str | None, port: int, browser: bool) -> None:
    """Open JupyterLab on this clone; with a SLUG, on the lab of that module.

    Makes the patients first if they are not there. Stop it with Ctrl-C. Instructors find the formgrader in its menu,
    set up for assignments/.
    """
    opened = NOTEBOOKS
    if slug:
        opened = NOTEBOOKS / f"{slug}.ipynb"
        if not opened.exists():
            labs = ", ".join(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
            raise KitError(f"There is no lab called {slug!r}. The labs are: {labs}.")
    require_free(port)
    if not any(POPULATION.glob("*.parquet")):
        context.invoke(make)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={ROOT}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--LabApp.default_url=/lab/tree/{opened.relative_to(ROOT).as_posix()}",
        f"--ServerApp.open_browser={browser}",
        # No request leaves the machine: no news, no look for updates, no list of extensions to install.
        "--LabApp.news_url=None",
        f"--LabApp.app_settings_dir={SETTINGS}",  # and no question whether to fetch news
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")  # containers run as root; the server listens on this machine only, with a token
    # nbgrader finds its settings in assignments/ although the server stands one folder above.
    path = os.pathsep.join(filter(None, [str(ASSIGNMENTS), os.environ.get("JUPYTER_CONFIG_PATH")]))
    click.echo(f"Lab: JupyterLab on http://127.0.0.1:{port}; stop it with Ctrl-C")
    try:
        code = subprocess.run(command, env=os.environ | {"JUPYTER_CONFIG_PATH": path}, cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return
    if code:
        raise KitError("JupyterLab stopped with an error; the lines above say why.")
