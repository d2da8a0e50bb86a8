"""What goes wrong on a newcomer's machine ends in one clear message and a non-zero exit, with nothing half done."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.paths import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What `make` needs of a fresh clone, in a folder of its own."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def make(clone: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # The outer make's own settings must not reach the inner one.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=clone, env=inherited | variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("target", ["book", "test", "lab", "class"])
def test_a_python_that_is_too_old_is_named_with_what_to_install(target: str, clone: Path) -> None:
    old = program(clone, "old-python", 'test "$1" = --version && echo "Python 3.9.18" || exit 1')
    answer = make(clone, target, f"PYTHON={old}")
    assert answer.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13" in answer.stderr
    assert "is Python 3.9.18." in answer.stderr
    assert "Install Python 3.11" in answer.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_is_not_there_is_said(clone: Path) -> None:
    answer = make(clone, "book", "PYTHON=there-is-no-python")
    assert answer.returncode != 0
    assert "'there-is-no-python' is" in answer.stderr
    assert "not there." in answer.stderr


def test_too_little_disk_is_said_before_anything_is_made(clone: Path) -> None:
    program(clone, "df", 'echo "Filesystem 1M-blocks Used Available Capacity Mounted"; echo "disk 100 88 12 88% /"')
    answer = make(clone, "book", f"PYTHON={sys.executable}", PATH=f"{clone}{os.pathsep}{os.environ['PATH']}")
    assert answer.returncode != 0
    assert "there are 12 MB here. Free some space" in answer.stderr
    assert not (clone / ".venv").exists()


def test_without_a_network_the_installation_says_so_and_is_not_taken_for_done(clone: Path) -> None:
    away = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(clone), "PIP_CONFIG_FILE": os.devnull}
    answer = make(clone, "book", f"PYTHON={sys.executable}", **away)
    assert answer.returncode != 0
    assert "packages could not be installed" in answer.stderr
    assert "there is no network" in answer.stderr
    assert not (clone / ".venv" / "packages").exists()


def test_make_alone_says_what_can_be_made_and_how_to_start(clone: Path) -> None:
    answer = make(clone)
    assert answer.returncode == 0
    assert "Start with: make book" in answer.stdout
    assert not (clone / ".venv").exists()


def test_a_port_in_use_is_named_with_the_way_round_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = CliRunner().invoke(main, ["lab", "--no-browser", "--port", str(port)])
    assert answer.exit_code == 1
    assert f"Port {port} is in use" in answer.stderr
    assert f"hipkit lab --port {port + 1}" in answer.stderr


def test_a_lab_that_is_not_there_is_said() -> None:
    answer = CliRunner().invoke(main, ["lab", "no-such-lab"])
    assert answer.exit_code == 1
    assert "no lab called 'no-such-lab'" in answer.stderr
