"""The page on the graders says what the selftest found, and does not say more."""

import dataclasses
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from hipkit.book import computed
from hipkit.course import load_course
from hipkit.errors import KitError
from hipkit.grading.mutants import Mutant
from hipkit.grading.results import stored
from hipkit.grading.selftest import REFERENCE, RELEASED, Outcome, Report
from hipkit.grading.tasks import Task

MODULES = [module for module in load_course().modules if module.assignment.is_file()]
# The book sets typographic quotation marks and apostrophes.
TYPEWRITER = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def as_written(tag: Tag) -> str:
    """A tag's text with the signs of its source."""
    return tag.get_text(" ", strip=True).translate(TYPEWRITER)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_the_built_page_shows_the_stored_result(html: Path, module) -> None:
    report = stored(module.slug)
    assert report is not None, "The book was built, so the graders were tried."
    page = BeautifulSoup((html / "book" / "quality.html").read_text(encoding="utf-8"), "html.parser")
    link = next(link for link in page.select("article strong a") if as_written(link) == module.title)
    text = " ".join(link.find_next("p").get_text().split())
    assert f"ran under {report.seeds} seed" in text
    rows = [[as_written(cell) for cell in row.select("td")] for row in link.find_next("tbody").select("tr")]
    assert [row[0] for row in rows] == [task.title for task in report.tasks]
    for row, task in zip(rows, report.tasks, strict=True):
        assert re.findall(r"[a-z]+-\d+", row[2]) == task.outcomes
        assert all(" ".join(mutant.misconception.split()) in row[3] for mutant in report.wrong_answers(task))


def report() -> Report:
    task = Task("Task 1", {"t": 2.0, "u": 1.0}, {}, ["dp-1"])
    mutants = [Mutant("a", "Forgets A", "x#y", {"t": 2}, {}), Mutant("b", "Forgets B", "x#y", {"t": 2}, {})]
    outcomes = {
        REFERENCE: {"t": [Outcome(2, 20, "")], "u": [Outcome(1, 20, "")]},
        RELEASED: {"t": [Outcome(0, 1, "no")], "u": [Outcome(0, 1, "no")]},
        "a": {"t": [Outcome(0, 1, "no")], "u": [Outcome(1, 1, "")]},
        "b": {"t": [Outcome(2, 1, "")], "u": [Outcome(1, 1, "")]},
    }
    return Report("slug", 20, [task], mutants, outcomes)


def page(monkeypatch: pytest.MonkeyPatch, found: object) -> str:
    def give(slug: str) -> object:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(computed, "stored", give)
    return computed.grader_quality(load_course())


def test_what_slips_through_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(monkeypatch, report())
    assert "| Task 1 | 3 | `dp-1` | Forgets A; Forgets B | 1 of 2 | 1 of 2 |" in text
    assert "- Fault: b: 't' gives 2 points, not 0 (1 of 1 seed)." in text
    # 0.05 ** (1 / 20) = 0.861
    assert "it lost no point, so with 95 % confidence it does in fewer than 14 % of such runs" in text


def test_nothing_is_promised_of_a_reference_that_lost_points(monkeypatch: pytest.MonkeyPatch) -> None:
    found = report()
    failed = {"t": [Outcome(2, 19, ""), Outcome(0, 1, "no")], "u": [Outcome(1, 20, "")]}
    text = page(monkeypatch, dataclasses.replace(found, outcomes=found.outcomes | {REFERENCE: failed}))
    assert "confidence" not in text
    assert "- Fault: reference: 't' gives 0 points, not 2 (1 of 20 seeds)." in text


@pytest.mark.parametrize(
    ("found", "says"),
    [(None, "not been tried since something changed"), (KitError("there is no header."), "there is no header.")],
)
def test_graders_that_were_not_tried_have_no_score(monkeypatch: pytest.MonkeyPatch, found: object, says: str) -> None:
    text = page(monkeypatch, found)
    assert says in text
    assert "|" not in text
