"""The pictures of the instructor's guide, taken anew from the demonstration class.

Run `python -m hipkit.grading.pictures`. It holds the class, opens JupyterLab on it, on this machine only, and writes
PNG files to `book/instructors/`. It needs Chromium.
"""

import contextlib
import io
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

from hipkit.course import load_course
from hipkit.errors import KitError
from hipkit.grading.demo import Class, hold_class
from hipkit.paths import BOOK

PICTURES = BOOK / "instructors"
WIDTH, HEIGHT, MARGIN = 1280, 800, 16
PATIENCE = 60  # seconds that JupyterLab may take to start


def take_pictures(held: Class, folder: Path, browser: Browser) -> list[Path]:
    """Take the pictures of the guide.

    Args:
        held: the demonstration class.
        folder: where the PNG files go.
        browser: the one to look with.

    Returns:
        The files.

    Raises:
        KitError: JupyterLab does not start.
    """
    with _jupyterlab(held.root) as (server, token):
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{server}/lab?token={token}")
        taken = [
            _keep(page, folder / "create-assignment.png", _create_assignment, server, held),
            _keep(page, folder / "assignments.png", _assignments, server, held),
            _keep(page, folder / "submissions.png", _submissions, server, held),
            _keep(page, folder / "manual-grading.png", _manual_grading, server, held),
            _keep(page, folder / "feedback.png", _feedback, server, held),
            _keep(page, folder / "report.png", _report, server, held),
        ]
        page.close()
    return taken


def _create_assignment(page: Page, server: str, held: Class) -> None:
    page.goto(f"{server}/lab/tree/source/{held.slug}/{held.slug}.ipynb?reset")
    page.get_by_role("heading", name="Task 1").wait_for()
    page.get_by_role("tab", name="Create Assignment").click()
    page.locator("select:visible option[value=tests]").first.wait_for(state="attached")
    page.locator(".jp-SideBar .lm-TabBar-tab[data-id='filebrowser']").click()  # closes it: more room
    page.locator(".jp-Notebook").get_by_text("### BEGIN SOLUTION").first.click()


def _assignments(page: Page, server: str, held: Class) -> None:
    page.goto(f"{server}/formgrader/manage_assignments")
    page.get_by_role("link", name=held.slug).first.wait_for()


def _submissions(page: Page, server: str, held: Class) -> None:
    page.goto(f"{server}/formgrader/gradebook/{held.slug}/{held.slug}")
    page.get_by_role("link", name="Submission #1", exact=True).wait_for()


def _manual_grading(page: Page, server: str, held: Class) -> None:
    _submissions(page, server, held)
    full = f"{sum(held.worth.values()):g}"
    page.locator("tr", has_text=f"{full} / {full}").get_by_role("link").first.click()
    page.wait_for_timeout(3000)  # the page scrolls to its first field by itself, and then leaves the place to us
    page.get_by_role("heading", name="Reflection").evaluate("place => place.scrollIntoView()")
    page.mouse.wheel(0, -80)  # from under the bar at the top


def _feedback(page: Page, server: str, held: Class) -> None:
    page.goto(held.feedback.as_uri())
    page.get_by_text("AssertionError:").first.evaluate("place => place.scrollIntoView({block: 'center'})")


def _report(page: Page, server: str, held: Class) -> None:
    page.goto(held.report.as_uri())
    page.get_by_role("heading", name="Misconceptions").evaluate("place => place.scrollIntoView()")


def _keep(page: Page, path: Path, show: Callable[[Page, str, Class], None], server: str, held: Class) -> Path:
    show(page, server, held)
    page.wait_for_timeout(1500)  # what slides and fades in comes to rest
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    written = ImageChops.invert(picture).getbbox()  # the page is white below what stands on it
    picture = picture.crop((0, 0, picture.width, min(picture.height, written[3] + MARGIN)))
    picture = ImageOps.expand(picture, border=1, fill="#bbbbbb")
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


@contextlib.contextmanager
def _jupyterlab(root: Path) -> Iterator[tuple[str, str]]:
    """JupyterLab on a folder, with settings of its own. Gives its address and its token."""
    token = secrets.token_hex()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{probe.getsockname()[1]}"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.port={server.rpartition(':')[2]}",
        "--ServerApp.open_browser=False",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")
    with tempfile.TemporaryDirectory() as home:
        quiet = Path(home, "settings", "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings")
        quiet.parent.mkdir(parents=True)
        quiet.write_text('{"fetchNews": "false"}')  # so that it does not ask whether to fetch news
        own = {
            "HOME": home,
            "JUPYTER_TOKEN": token,
            "JUPYTER_RUNTIME_DIR": f"{home}/runtime",
            "JUPYTERLAB_SETTINGS_DIR": f"{home}/settings",
            "JUPYTERLAB_WORKSPACES_DIR": f"{home}/workspaces",
        }
        log = Path(home) / "log"
        with log.open("w") as out:
            process = subprocess.Popen(command, cwd=root, env=os.environ | own, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(process, f"{server}/api/status?token={token}", log)
            yield server, token
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen, address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address).close()
            return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise KitError(f"JupyterLab did not start. It said:\n{log.read_text()}")


def main() -> None:
    """Hold the class and take its pictures.

    Raises:
        KitError: there is no Chromium, or a step fails.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise KitError("There is no Chromium on this machine to take the pictures with. Install chromium.")
    held = hold_class(load_course().modules[0].slug, say=print)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in take_pictures(held, PICTURES, browser):
            print(f"{path.name}: {path.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    try:
        main()
    except KitError as error:
        sys.exit(f"Error: {error}")
