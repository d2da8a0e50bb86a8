"""`hipkit lab` opens JupyterLab on the labs, with the formgrader on assignments/, and asks nothing of the network."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

TOKEN = "a-token-for-this-test"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab that `hipkit lab` started, with settings of its own."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"JUPYTER_TOKEN": TOKEN, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    log = home / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", "from hipkit.cli import main; main()", "lab", "--no-browser", "--port", str(port)],
            cwd=home,
            env=os.environ | own,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        give_up = time.monotonic() + 120
        while True:
            assert process.poll() is None and time.monotonic() < give_up, log.read_text()
            try:
                urllib.request.urlopen(f"{address}/api/status?token={TOKEN}").close()
                break
            except urllib.error.URLError:
                time.sleep(0.2)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def test_the_lab_opens_on_the_notebooks_and_asks_no_other_host(server: str, browser: Browser) -> None:
    asked = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{server}/?token={TOKEN}")
        page.locator(".jp-BreadCrumbs-item", has_text="notebooks").wait_for()
        page.get_by_role("menuitem", name="Nbgrader").wait_for()
        page.wait_for_timeout(2_000)  # a question would come after the start
        assert page.get_by_text("Jupyter news").count() == 0
    assert asked
    assert [url for url in asked if not url.startswith((server, "data:", "blob:"))] == []


def test_the_formgrader_stands_on_the_course_folder(server: str) -> None:
    with urllib.request.urlopen(f"{server}/formgrader/manage_assignments?token={TOKEN}") as answer:
        page = answer.read().decode()
    assert 'var url_prefix = "assignments";' in page
