"""Hostile submissions, all in one class with honest ones: nothing is stolen, nothing leaks, and the class is graded."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile.bait import Bait
from hostile.classroom import Class, hand_in, make_course
from hostile.corpus import Attack, read_attacks
from hostile.examine import Evidence, examine
from hostile.grade import by_hipkit
from hostile.pages import open_pages
from hostile.verdict import breaches, harm
from playwright.sync_api import Browser

from hipkit.paths import ASSIGNMENTS, ROOT

ATTACKS = read_attacks()
SECONDS = 900


@pytest.fixture(scope="module")
def graded(browser: Browser) -> Iterator[tuple[Class, Evidence]]:
    """The class with everybody in it, graded once."""
    root = Path(tempfile.mkdtemp(prefix="hostile-"))  # a short path: there are sockets in it
    try:
        config = (ASSIGNMENTS / "nbgrader_config.py").read_text(encoding="utf-8")
        course = make_course(root / "course", config, [ASSIGNMENTS / "templates"])
        with Bait(root, course.marks) as bait:
            held = hand_in(course, ATTACKS, bait.known)
            found = examine(held, bait, by_hipkit, SECONDS)
            open_pages(found, held, bait, browser, [one.name for one in ATTACKS if one.kind == "html"])
            yield held, found
    finally:
        shutil.rmtree(root)


def test_the_class_is_graded_and_unharmed(graded: tuple[Class, Evidence]) -> None:
    assert harm(*graded) == {}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_achieves_nothing(attack: Attack, graded: tuple[Class, Evidence]) -> None:
    assert breaches(attack.name, attack, graded[1]) == {}


def test_where_nothing_defends_the_attacks_do_harm() -> None:
    rows = {row["attack"]: row for row in json.loads((ROOT / "benchmarks" / "hostile.json").read_text())["rows"]}
    tried = [one for one in ATTACKS if "plain" in rows[one.name]]
    assert len(tried) >= 40 and {one.kind for one in tried} == {one.kind for one in ATTACKS}
    tame = {one.name: one.shows for one in tried if not set(one.shows) <= set(rows[one.name]["plain"]["breached"])}
    assert tame == {}
