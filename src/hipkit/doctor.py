"""Looks at the machine: is there what the course needs? Reads only; changes nothing."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from packaging.markers import Marker

from hipkit.grading.sandbox import unavailable
from hipkit.paths import ROOT

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)  # as in pyproject.toml and the Makefile
FREE_DISK_GB = 1.0  # the made data, the built book and the execution cache, with room to spare
MEMORY_GB = 4.0  # two labs of at most 2 GiB each run side by side


@dataclass(frozen=True)
class Symptom:
    """One thing looked at. `needed` is False for what only tests or comfort ask for."""

    what: str
    ok: bool
    found: str
    remedy: str
    needed: bool = True


def wrong_packages(lock: Path) -> list[str]:
    """Names of locked packages that are not installed in the locked release.

    A line of the lock reads `name==release ; marker \\`; lines whose marker is not for this machine do not count.
    """
    wrong = []
    for name, release, marker in re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; (.+?))? \\$", lock.read_text(), re.MULTILINE
    ):
        if marker and not Marker(marker).evaluate():
            continue
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = None
        if installed != release:
            wrong.append(name)
    return wrong


def examine(root: Path = ROOT) -> list[Symptom]:
    """Everything the course needs (needed=True), then what tests and comfort ask for."""
    return list(_examine(root))


def _examine(root: Path) -> Iterator[Symptom]:
    python = sys.version_info[:2]
    yield Symptom(
        "Python",
        OLDEST_PYTHON <= python <= NEWEST_PYTHON,
        f"{platform.python_version()} on {platform.system()}",
        "Install Python 3.11 and run: make clean book",
    )
    wrong = wrong_packages(root / "requirements" / "lock.txt")
    yield Symptom(
        "locked packages",
        not wrong,
        f"{len(wrong)} differ from the lock, first {', '.join(wrong[:3])}" if wrong else "all as locked",
        "Run: make clean book (with conda: conda env update --file environment.yml)",
    )
    free = shutil.disk_usage(root).free / 1e9
    remedy = f"Free some space: {FREE_DISK_GB:.0f} GB is needed."
    yield Symptom("free disk", free >= FREE_DISK_GB, f"{free:.1f} GB", remedy)
    memory = psutil.virtual_memory().total / 1e9
    yield Symptom(
        "memory",
        memory >= MEMORY_GB,
        f"{memory:.1f} GB, {os.cpu_count()} cores",
        f"Labs may use 2 GB each; with less than {MEMORY_GB:.0f} GB close other programs and run one lab at a time.",
        needed=False,
    )
    yield Symptom("writable folder", os.access(root, os.W_OK), str(root), "Move the clone to a folder that is yours.")
    made = any((root / "datasets" / "population").glob("*.parquet"))
    yield Symptom("patients", made, "made" if made else "not yet made", "Run: hipkit data make", needed=False)
    built = (root / "_build" / "html" / "index.html").exists()
    yield Symptom("book", built, "built" if built else "not yet built", "Run: hipkit book", needed=False)
    if reason := unavailable():
        yield Symptom("sandbox, for students' code", False, "not there", reason, needed=False)
    else:
        yield Symptom("sandbox, for students' code", True, "bubblewrap builds it", "", needed=False)
    for program, purpose, package in (
        ("git", "versions of the course", "apt install git"),
        ("chromium", "the browser tests", "apt install chromium"),
        ("node", "the independent check of identity numbers", "apt install nodejs npm"),
    ):
        place = shutil.which(program)
        remedy = f"Debian and Ubuntu: {package}"
        yield Symptom(f"{program}, for {purpose}", bool(place), place or "not there", remedy, needed=False)
