"""A JupyterHub in a private view of this machine, and people on it."""

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from machine import PATH, PRIVATELY, assert_empty, free_ports, missing, pid_namespace
from person import INSTRUCTOR, STUDENTS, Instructor, Person
from playwright.sync_api import Browser

from hipkit.datasets.independent import NODE_FOLDER, prepare_node
from hipkit.paths import ROOT

HERE = Path(__file__).parent
START_SECONDS = 120


@pytest.fixture(scope="session")
def private_machine() -> None:
    """Skips where there can be no private view of the machine; where every change is tried, that is a failure."""
    if reason := missing():
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.fixture(scope="module")
def password() -> str:
    return secrets.token_hex(16)


@pytest.fixture(scope="module")
def hub(private_machine: None, password: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the hub. When the tests end, no process of it is left."""
    prepare_node()
    port, hub_port, proxy_port = free_ports(3)
    address = f"http://127.0.0.1:{port}"
    own = {
        "PATH": PATH,
        "HUB_TEST_ADDRESS": address,
        "HUB_TEST_HUB_PORT": str(hub_port),
        "HUB_TEST_PROXY_PORT": str(proxy_port),
        "HUB_TEST_PROXY": str(NODE_FOLDER / "node_modules" / ".bin" / "configurable-http-proxy"),
        "HUB_TEST_PASSWORD": password,
    }
    command = [*PRIVATELY, str(HERE / "machine.sh"), str(ROOT), sys.base_prefix, INSTRUCTOR, *STUDENTS]
    log = tmp_path_factory.mktemp("hub") / "log"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=os.environ | own, stdout=out, stderr=subprocess.STDOUT)
    try:
        give_up = time.monotonic() + START_SECONDS
        while True:
            assert process.poll() is None and time.monotonic() < give_up, log.read_text()
            try:
                urllib.request.urlopen(f"{address}/hub/health").close()
                break
            except urllib.error.URLError:
                time.sleep(0.2)
        (first,) = psutil.Process(process.pid).children()
        namespace = pid_namespace(first.pid)
        yield address
    finally:
        process.kill()
        process.wait()
    assert_empty(namespace)


@pytest.fixture(scope="module")
def people(hub: str, password: str, browser: Browser) -> Iterator[dict[str, Person]]:
    """Everybody, logged in, each with a server of their own."""
    with ExitStack() as stack:
        everybody = {INSTRUCTOR: Instructor(browser, hub, INSTRUCTOR)}
        everybody |= {student: Person(browser, hub, student) for student in STUDENTS}
        for person in everybody.values():
            stack.callback(person.page.context.close)
            person.log_in(password)
        for person in everybody.values():  # the servers start side by side
            person.wait_for_server()
        yield everybody
