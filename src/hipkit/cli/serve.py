"""`hipkit serve`: the built book on this machine."""

import functools
import http.server
import webbrowser

import click

from hipkit.errors import KitError
from hipkit.paths import BUILD


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps no log of who read what."""

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@click.command(short_help="Show the built book in a web browser.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1024, 65535))
@click.option("--browser/--no-browser", default=True, help="Open a browser window.  [default: browser]")
def serve(port: int, browser: bool) -> None:
    """Show the built book at http://127.0.0.1:PORT, to this machine only. Stop it with Ctrl-C."""
    html = BUILD / "html"
    if not (html / "index.html").is_file():
        raise KitError("The book is not built yet. Run: make book (or: hipkit book)")
    handler = functools.partial(QuietHandler, directory=str(html))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise KitError(
            f"Port {port} is in use by another program. Stop that program, or choose another port: "
            f"hipkit serve --port {port + 1}"
        ) from error
    address = f"http://127.0.0.1:{port}"
    click.echo(f"The book is at {address}; stop with Ctrl-C")
    if browser:
        webbrowser.open(address)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")
