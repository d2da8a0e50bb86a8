"""What the tests of the built book share: its pages over HTTP on this machine, and visits to them."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from hipkit.book.build import HTML


class Quiet(SimpleHTTPRequestHandler):
    """A file server that writes no log."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built book."""
    if not (HTML / "index.html").is_file():
        pytest.fail(f"The book is not built: there is no {HTML / 'index.html'}. Run `make book` first.")
    return HTML


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Where the book is served, on the loopback interface."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(html))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Visit:
    """A page of the book in the browser, and what happened while it was loaded."""

    def __init__(self, context: BrowserContext, address: str, name: str) -> None:
        self.foreign: list[str] = []
        self.missing: list[str] = []
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self.page.on("response", lambda answer: answer.status >= 400 and self.missing.append(answer.url))

        def only_this_book(route: Route) -> None:
            if route.request.url.startswith((f"{address}/", "data:", "blob:")):
                route.continue_()
            else:
                self.foreign.append(route.request.url)
                route.abort()

        self.page.route("**/*", only_this_book)
        self.page.goto(f"{address}/{name}")
        # The theme's scripts have run when they have chosen between light and dark and made the buttons' pictures.
        self.page.wait_for_function("document.querySelector('.theme-switch-button svg') !== null")
        # Before MathJax itself is there, only its settings stand under that name.
        self.page.wait_for_function("window.MathJax === undefined || window.MathJax.startup?.promise !== undefined")
        self.page.evaluate("async () => { if (window.MathJax) await MathJax.startup.promise }")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Opens a page, in a fresh profile: `visit(name, width=1280, scheme="light")`."""
    contexts = []

    def open_page(name: str, width: int = 1280, scheme: str = "light") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",  # contrast is not measured in the middle of a fade
        )
        contexts.append(context)
        return Visit(context, address, name)

    yield open_page
    for context in contexts:
        context.close()
