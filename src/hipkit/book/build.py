"""Builds the book: notebooks, students' copies, pages. Each step is skipped when nothing it needs changed."""

import sys
from collections.abc import Callable
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from sphinx.util.console import nocolor

from hipkit.book.execute import cache_folder, execute
from hipkit.course import load_course
from hipkit.digest import digest
from hipkit.errors import KitError
from hipkit.grading.release import student_copy
from hipkit.grading.results import RESULTS, results
from hipkit.paths import ASSIGNMENTS, BOOK, BUILD, NOTEBOOKS, ROOT

HTML = BUILD / "html"
SLIDES = BUILD / "slides"
PAGES_STAMP = BUILD / "pages.sha256"
# Seeds for graders that nothing is known about. `make test` runs the hundred.
FEW_SEEDS = 3

Progress = Callable[[int, int], None]


def run_notebooks(progress: Progress) -> tuple[int, int]:
    """Run what is not in the cache. Returns how many were run, and how many were there."""
    return execute(cache_folder(), progress)


def release_assignments() -> int:
    """Make the students' copies that the lessons offer for download. Returns how many there are."""
    modules = [module for module in load_course().modules if module.assignment.is_file()]
    for module in modules:
        student_copy(module.slug)
    return len(modules)


def try_graders(progress: Progress) -> tuple[int, int]:
    """Try the graders that have changed on a few answers, for the page that says how good they are.

    Returns:
        How many were tried, and how many were unchanged.

    Raises:
        KitError: an assignment or a wrong answer cannot be read.
    """
    modules = [module.slug for module in load_course().modules if module.assignment.is_file()]
    ran = [run for _, run in results(modules, seeds=FEW_SEEDS, progress=progress)]
    return sum(ran), len(ran) - sum(ran)


def build_pages() -> bool:
    """Build the HTML pages. False if they were up to date.

    Raises:
        KitError: Sphinx stopped, or warned; what it said is on stderr.
    """
    inputs = [ROOT / "_config.yml", ROOT / "_toc.yml", BOOK, NOTEBOOKS, ASSIGNMENTS / "source", ROOT / "src/hipkit"]
    state = digest([*inputs, *sorted(RESULTS.glob("*.json"))]) + cache_folder().name
    if PAGES_STAMP.is_file() and PAGES_STAMP.read_text() == state and (HTML / "index.html").is_file():
        return False
    PAGES_STAMP.unlink(missing_ok=True)
    if not sys.stderr.isatty():
        nocolor()
    # Pages that list others are computed from all of them, so a changed book is built anew; the notebooks' output,
    # which is what takes time, comes from the cache.
    outcome = build_sphinx(
        str(ROOT),
        str(HTML),
        noconfig=True,
        path_config=str(ROOT / "_config.yml"),
        confoverrides={"nb_execution_cache_path": str(cache_folder()), "latex_individualpages": False},
        doctreedir=str(BUILD / "doctrees"),
        freshenv=True,
        force_all=True,
        quiet=True,
        warningiserror=True,
        keep_going=True,
    )
    if outcome != 0:
        raise KitError("The book was not built. The lines above name each page and what is wrong with it.")
    PAGES_STAMP.write_text(state)
    return True


def front_page() -> Path:
    """The page to open first."""
    return HTML / "index.html"
