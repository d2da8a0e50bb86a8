"""The tiny assignments in fixtures/ as nbgrader courses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hipkit.paths import ASSIGNMENTS

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def make_course(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Makes a course folder of its own, with the course's settings, and one assignment of `origin` in it."""

    def make(origin: Path, slug: str) -> Path:
        root = tmp_path_factory.mktemp("course")
        for part in ("source", "mutants"):
            shutil.copytree(origin / part / slug, root / part / slug)
        shutil.copy(ASSIGNMENTS / "nbgrader_config.py", root)
        shutil.copytree(ASSIGNMENTS / "templates", root / "templates")
        return root

    return make


@pytest.fixture
def counting(make_course: Callable[[Path, str], Path]) -> Path:
    """A course with the assignment `counting` and its wrong answers."""
    return make_course(FIXTURES, "counting")
