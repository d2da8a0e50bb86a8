"""Opens what students wrote in a real browser, as the student who gets the feedback and the teacher who grades by hand.

A page is breached when a script of the student's ran in it or when it called the address that the student's text names.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import MissingEntry
from playwright.sync_api import Browser, Error, Page

from hostile.bait import Bait
from hostile.classroom import SLUG, Class
from hostile.examine import Evidence

PATIENCE = 180  # seconds that the teacher's server may take to start
LOAD_MILLISECONDS = 15_000
REST_MILLISECONDS = 1000  # that a page has for what runs later
# What a reader does with a page, all at once: points at everything, and uses the links and forms that run something.
READER = """token => {
    for (const element of document.querySelectorAll("*")) {
        for (const kind of ["mouseover", "focus", "toggle", "pointerenter", "animationend"])
            element.dispatchEvent(new Event(kind, {bubbles: false}));
        if (element.matches("a") && (element.getAttribute("href") || element.getAttribute("xlink:href") || "")
                .trim().toLowerCase().startsWith("javascript:"))
            element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
        if (element.matches("form") && (element.getAttribute("action") || "").includes(token))
            element.submit();
    }
}"""
RAN = "document.documentElement.getAttribute('data-ran') || ''"


def open_pages(found: Evidence, held: Class, bait: Bait, browser: Browser, students: list[str]) -> None:
    """Open the feedback of each of the students and their page in the formgrader; note in `found.ran` what ran.

    Args:
        found: where it is noted.
        held: the class, graded.
        bait: whose services are called by what runs.
        browser: Chromium.
        students: whose pages.
    """
    feedback, formgrader = {}, {}
    with _formgrader(held.course.root, bait) as server, held.course.gradebook() as gradebook:
        for student in students:
            page = held.course.root / "feedback" / student / SLUG / f"{SLUG}.html"
            if page.is_file():
                feedback[student] = page.as_uri()
            with contextlib.suppress(MissingEntry):
                number = gradebook.find_submission_notebook(SLUG, SLUG, student).id
                formgrader[student] = f"{server}/formgrader/submissions/{number}"
        for name, addresses in (("the feedback", feedback), ("the formgrader", formgrader)):
            for student in _running(browser, addresses, held.tokens, bait):
                found.ran.setdefault(student, set()).add(name)


def _running(browser: Browser, addresses: dict[str, str], tokens: dict[str, str], bait: Bait) -> set[str]:
    """The students on whose page something ran."""
    if not addresses:
        return set()
    context = browser.new_context()
    try:
        context.route("**/*", lambda route: route.continue_() if _near(route.request.url) else route.abort())
        pages = {student: context.new_page() for student in addresses}
        for student, page in pages.items():
            with contextlib.suppress(Error):  # a page may lead away while it loads, or never come to an end
                page.goto(addresses[student], timeout=LOAD_MILLISECONDS)
        page.wait_for_timeout(REST_MILLISECONDS)
        ran = {student for student, page in pages.items() if _marked(page, tokens[student])}
        for student, page in pages.items():
            with contextlib.suppress(Error):  # the page may be leaving
                page.evaluate(READER, tokens[student])
        page.wait_for_timeout(REST_MILLISECONDS)
        ran |= {student for student, page in pages.items() if _marked(page, tokens[student])}
    finally:
        context.close()
    said = b" ".join(said for _, said in bait.services.heard)
    bait.services.heard.clear()
    return ran | {student for student in addresses if tokens[student].encode() in said}


def _near(url: str) -> bool:
    """Whether it is on this machine: nothing else is asked for."""
    return url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:"))


def _marked(page: Page, token: str) -> bool:
    for frame in page.frames:
        with contextlib.suppress(Error):  # the page may be leaving
            if token in frame.evaluate(RAN):
                return True
    return False


@contextlib.contextmanager
def _formgrader(course: Path, bait: Bait) -> Iterator[str]:
    """The teacher's Jupyter server on the course folder; gives its address."""
    token = secrets.token_hex()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "jupyter_server", f"--ServerApp.port={server.rpartition(':')[2]}"]
    command += ["--ServerApp.open_browser=False", "--ServerApp.token=", "--ServerApp.password="]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    log = course.parent / "server.log"
    with log.open("w") as out:
        environment = os.environ | {"HOME": str(bait.home), "JUPYTER_RUNTIME_DIR": str(course.parent / token)}
        process = subprocess.Popen(command, cwd=course, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{server}/formgrader").close()
                break
            except urllib.error.URLError as error:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"the formgrader did not start:\n{log.read_text()}") from error
                time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait()
