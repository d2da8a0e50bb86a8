"""The demonstration class: nbgrader's points are those that are due, and the feedback keeps the tests hidden."""

import csv
import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import demo
from hipkit.grading.demo import Class, hold_class
from hipkit.grading.mutants import read_mutants
from hipkit.grading.pictures import PICTURES, take_pictures
from hipkit.grading.release import slugs
from hipkit.grading.selftest import REFERENCE, RELEASED
from hipkit.paths import ASSIGNMENTS

FIXTURES = Path(__file__).parent / "fixtures"
# One class serves all these tests, so they run in one process.


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the class said, step by step."""
    return []


@pytest.fixture(scope="module")
def held(make_course: Callable[[Path, str], Path], tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> Class:
    """A class of seven: the reference, the released copy, the four wrong answers and the first of them again."""
    course = make_course(FIXTURES, "counting")
    root = tmp_path_factory.mktemp("class")
    (root / "left-over").touch()
    return hold_class(
        "counting",
        say=told.append,
        progress=lambda done, total: told.append(f"{done} of {total}"),
        course_root=course,
        root=root,
        size=7,
    )


def page(held: Class, student: str) -> str:
    """The text of a student's feedback."""
    path = held.root / "feedback" / student / held.slug / f"{held.slug}.html"
    body = path.read_text(encoding="utf-8").partition("<body>")[2]
    return html.unescape(re.sub("<[^>]*>", "", body))


def test_everyone_gets_the_points_that_are_due(held: Class) -> None:
    mutants = read_mutants("counting", FIXTURES)
    assert [row.handed_in for row in held.rows] == [
        REFERENCE,
        RELEASED,
        *(mutant.misconception for mutant in mutants),
        mutants[0].misconception,
    ]
    assert held.worth == {"count-test": 2, "share-test": 3}
    assert held.to_read == ["reflection"]
    assert [row.points for row in held.rows] == [
        held.worth,
        {"count-test": 0, "share-test": 0},
        *({test: worth - mutant.loses.get(test, 0) for test, worth in held.worth.items()} for mutant in mutants),
        held.rows[2].points,
    ]
    assert held.rows[0].name == "Astrid Fjellrype"


def test_every_step_is_told_in_a_line(held: Class, told: list[str]) -> None:
    steps = [line.partition(":")[0] for line in told]
    assert steps == [
        "Release",
        "Collect",
        "Grade",
        *(f"{done} of 7" for done in range(8)),
        "Report",
        "Export",
    ]
    assert max(map(len, told)) < 80


def test_the_grades_are_exported(held: Class) -> None:
    with held.grades.open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 7
    assert rows["astrid"]["last_name"] == "Fjellrype"
    assert [float(rows[student]["score"]) for student in ("astrid", "birk")] == [5, 0]
    assert {float(row["max_score"]) for row in rows.values()} == {9}


def test_the_class_is_made_anew(held: Class) -> None:
    assert not (held.root / "left-over").exists()
    assert len(list((held.root / "submitted").iterdir())) == 7


def test_feedback_says_what_is_wrong_and_keeps_the_tests_hidden(held: Class) -> None:
    text = page(held, "dina")  # who counts a value that equals the limit
    assert "AssertionError: A value that equals the limit is not above it." in text or (
        "AssertionError: The values above the limit are not counted." in text
    )
    for student in ("astrid", "birk", "dina", "eskil", "frida", "geir"):
        text = page(held, student)
        assert "count_above([1, 2, 3], 1) == 2" in text  # the visible test is shown
        for secret in ("drawn_secretly", "HIDDEN", "ZeroDivisionError:", "Traceback"):
            assert secret not in text, student


def test_the_page_shown_is_of_a_wrong_answer_with_the_fewest_points(held: Class) -> None:
    assert held.feedback.is_file()
    student = held.feedback.parents[1].name
    assert student in ("dina", "geir", "hanna")


def test_feedback_asks_no_host(held: Class, browser: Browser) -> None:
    asked, forbidden = [], []
    tab = browser.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    # The icons of nbgrader's style: the page forbids itself to load them, and a browser reports that it wanted to.
    tab.on("requestfailed", lambda request: forbidden.append(request.url) if request.failure == "csp" else None)
    tab.goto(held.feedback.as_uri())
    tab.wait_for_load_state("networkidle")
    tab.close()
    assert set(asked) - set(forbidden) == {held.feedback.as_uri()}


def test_jupyterlab_opens_the_class_for_editing_and_grading(held: Class, tmp_path: Path, browser: Browser) -> None:
    # Each picture waits for what it shows: the sidebar Create Assignment, the formgrader's pages, the field for points.
    taken = take_pictures(held, tmp_path, browser)
    assert {path.name for path in taken} == {path.name for path in PICTURES.glob("*.png")}


def test_the_guide_shows_every_picture_and_none_is_large() -> None:
    guide = (PICTURES / "guide.md").read_text(encoding="utf-8")
    pictures = list(PICTURES.glob("*.png"))
    assert {path.name for path in pictures} == set(re.findall(r"\]\(([\w-]+\.png)\)", guide))
    for path in pictures:
        assert path.stat().st_size < 200_000, path.name


def test_an_assignment_without_wrong_answers_cannot_be_shown(counting: Path, tmp_path: Path) -> None:
    for path in (counting / "mutants" / "counting").iterdir():
        path.unlink()
    with pytest.raises(KitError, match="Add some to assignments/mutants/counting"):
        hold_class("counting", course_root=counting, root=tmp_path)


def test_the_course_s_own_assignment_through_nbgrader(tmp_path: Path) -> None:
    slug = slugs()[0]
    before = {path: path.stat().st_mtime_ns for path in ASSIGNMENTS.rglob("*") if "/release" not in path.as_posix()}
    held = hold_class(slug, root=tmp_path / "class", size=3)
    after = {path: path.stat().st_mtime_ns for path in ASSIGNMENTS.rglob("*") if "/release" not in path.as_posix()}
    assert before.keys() == after.keys()
    assert before.get(ASSIGNMENTS / "gradebook.db") == after.get(ASSIGNMENTS / "gradebook.db")
    loses = read_mutants(slug)[0].loses
    assert [row.points for row in held.rows] == [
        held.worth,
        dict.fromkeys(held.worth, 0),
        {test: worth - loses.get(test, 0) for test, worth in held.worth.items()},
    ]
    assert sum(held.worth.values()) == 20
    for student in ("astrid", "birk", "dina"):
        assert "fresh_rng" not in page(held, student)


def test_the_command_ends_with_grades_feedback_and_csv(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "hold_class", lambda slug, say, progress: held)
    answer = CliRunner().invoke(main, ["grade", "demo"])
    assert answer.exit_code == 0, answer.output
    assert "everything" in answer.output  # what the released copy loses
    for shown in (
        "Kasper",
        "Fjellrype",
        "reflection",
        str(held.grades),
        str(held.feedback),
        str(held.report),
        str(held.root),
    ):
        assert (shown in answer.output) == (shown != "Kasper")  # seven students, not twelve
