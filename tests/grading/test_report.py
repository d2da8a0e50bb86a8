"""The class report: what it counts, that it names nobody unasked, and the page in a real browser."""

import csv
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import classbook, demo, ledger
from hipkit.grading import report as report_module
from hipkit.grading.classbook import open_gradebook
from hipkit.grading.intake import Finding
from hipkit.grading.mutants import read_mutants
from hipkit.grading.pseudonyms import KEY
from hipkit.grading.report import ClassReport, report_on
from hipkit.grading.report_page import write_report
from hipkit.paths import ROOT

FIXTURES = Path(__file__).parent / "fixtures"
# One class serves most of these tests, so they run in one process.
NOT_AT_ALL = "raise NotImplementedError  # put your answer here, in place of this line"
STUB = {
    "count": f"def count_above(values, limit):\n    {NOT_AT_ALL}",
    "share": f"def share_above(values, limit):\n    {NOT_AT_ALL}",
}
# Students who write their own name wherever it can get out.
NOSY = {"count": "class KariNordmann(Exception): pass\ndef count_above(values, limit):\n    raise KariNordmann('kari')"}
LOUD = {"share": "def share_above(values, limit):\n    raise ValueError('I am Kari Nordmann')"}
ODD = """
def count_above(values, limit):
    found = 0
    position = 0
    while position < len(values):
        if values[position] is not None and values[position] > limit:
            found = found + 1
        position = position + 1
    # written by Kari Nordmann
    return found + 0
"""
NAMES = ["kari", "nordmann", "fjellrype", *(f"{letter}anna" for letter in "abcdefghijkl")]


@pytest.fixture(scope="module")
def mutants() -> dict[str, dict[str, str]]:
    return {mutant.name: mutant.cells for mutant in read_mutants("counting", FIXTURES)}


@pytest.fixture(scope="module")
def course(make_class: Callable[..., Path], mutants: dict[str, dict[str, str]]) -> Path:
    """A class of 12 who have handed in, one whose notebook is not graded, and one who has handed in nothing."""
    answers = [
        *[mutants["percent"]] * 3,
        *[mutants["no_values_forgotten"]] * 2,
        mutants["limit_included"],
        {},
        STUB,
        NOSY,
        LOUD,
        {"count": ODD},
        {"count": ODD.replace("found", "total").replace("position", "i")},
    ]
    root = make_class({f"{letter}anna": answer for letter, answer in zip("abcdefghijkl", answers, strict=True)})
    with open_gradebook(root) as gradebook:
        gradebook.add_student("manna", first_name="Manna", last_name="Fjellrype")
        gradebook.add_student("nanna", first_name="Nanna", last_name="Fjellrype")
        ledger.open_tables(gradebook)
        reasons = ["The graded cell 'Kari Nordmann' is none of the teacher's.", "A test was changed."]
        ledger.enter(gradebook, "counting", ledger.Note("canna", "", "", [], reasons, 1.0))
        ledger.refuse(
            gradebook, "counting", "manna", "", Finding("The notebook of 'Kari' is not JSON.", "Hand in again.")
        )
    waiting = root / "submitted" / "manna" / "counting"
    waiting.mkdir(parents=True)
    (waiting / "counting.ipynb").write_text("not a notebook")
    timed = root / "submitted" / "aanna" / "counting" / "counting.ipynb"
    notebook = nbformat.read(timed, as_version=4)
    for minute, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.metadata["execution"] = {"iopub.execute_input": f"2026-11-20T09:{10 * minute:02}:00Z"}
    nbformat.write(notebook, timed)
    scored = [root / "autograded" / student / "counting" / "counting.ipynb" for student in ("aanna", "banna", "ganna")]
    for number, path in enumerate(scored):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "count-test":
                line = f"Score: error = 0.{number}5 (lower is better)\nScore: Kari = 1 (lower is better)\n"
                cell.outputs.append(nbformat.v4.new_output("stream", name="stdout", text=line))
        nbformat.write(notebook, path)
    return root


@pytest.fixture(scope="module")
def found(course: Path, tmp_path_factory: pytest.TempPathFactory) -> ClassReport:
    source = course / "source" / "counting" / "counting.ipynb"
    line = '"drawn_secretly = rng.integers(0, 10, 50)\\n",'
    assert line in source.read_text()
    # The test names the score, as in show_score("error", ...).
    source.write_text(source.read_text().replace(line, f'{line} "name = \\"error\\"\\n",'))
    return report_on("counting", course, tmp_path_factory.mktemp("kept"))


def titles(report: ClassReport) -> dict[str, int]:
    return {" or ".join(one.name for one in mutants): len(who) for mutants, who in report.misconceptions()}


def test_misconceptions_are_counted(found: ClassReport) -> None:
    assert titles(found) == {"percent": 3, "no_values_forgotten": 2, "limit_included": 1}
    rest = {one.student.id for one in found.submissions if one.explained.rest}
    assert rest == {"ianna", "janna"}
    assert [one.student.id for one in found.submissions if one.explained.unanswered] == ["hanna"]


def test_who_is_where(found: ClassReport) -> None:
    assert len(found.submissions) == 12
    assert [one.id for one in found.ungraded] == ["manna"]
    assert [one.id for one in found.missing] == ["nanna"]
    assert found.refused == {"manna": "The notebook of 'Kari' is not JSON."}
    assert list(found.suspicions) == ["canna"]
    assert all(one.to_read for one in found.submissions)
    assert found.counted == [0, 1]  # nobody has read a reflection
    assert found.totals()[:7] == [2, 2, 2, 4, 4, 0, 5]
    assert found.items[0].share == pytest.approx(9 / 12)


def test_a_task_counts_when_a_person_has_read_all(course: Path, found: ClassReport, tmp_path: Path) -> None:
    with open_gradebook(course) as gradebook:
        grades = [
            gradebook.find_grade("reflection", "counting", "counting", one.student.id) for one in found.submissions
        ]
        for points, grade in enumerate(grades):
            grade.manual_score, grade.needs_manual_grade = points % 5, False
        gradebook.db.commit()
        again = report_on("counting", course, tmp_path)
        for grade in grades:
            grade.manual_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    assert again.counted == [0, 1, 2]
    assert not any(one.to_read for one in again.submissions)
    assert again.totals()[4] == found.totals()[4] + 4


def test_similar_submissions_are_found(found: ClassReport) -> None:
    assert [(pair.first, pair.second, pair.cells) for pair in found.pairs] == [("kanna", "lanna", ["count"])]


@contextmanager
def opened(browser: Browser, page: Path, width: int = 1280, scheme: str = "light") -> Iterator[tuple[Page, list[str]]]:
    """The page in a browser, and the requests it makes."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    tab.wait_for_load_state("networkidle")
    yield tab, [url for url in asked if not url.startswith("data:")]
    context.close()


@pytest.fixture(scope="module")
def written(found: ClassReport, course: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_report(found, tmp_path_factory.mktemp("report"), course_root=course)


def test_nobody_is_named_unasked(written: tuple[Path, Path]) -> None:
    for path in written:
        text = path.read_text(encoding="utf-8").lower()
        assert [name for name in NAMES if re.search(rf"\b{name}", text)] == []
    with written[1].open(encoding="utf-8-sig", newline="") as file:
        numbers = [row["student"] for row in csv.DictReader(file)]
    assert len(numbers) == 12 and all(re.fullmatch(r"Student \d+", number) for number in numbers)


def test_numbers_do_not_follow_the_gradebook_and_stay(
    found: ClassReport, course: Path, written: tuple[Path, Path], tmp_path: Path
) -> None:
    _, again = write_report(found, tmp_path, course_root=course)
    assert again.read_text() == written[1].read_text()
    with written[1].open(encoding="utf-8-sig", newline="") as file:
        points = [[row["Task 1 (2)"], row["Task 2 (3)"]] for row in csv.DictReader(file)]
    assert points != [[str(float(one.points[0])), str(float(one.points[1]))] for one in found.submissions]


def test_with_names_the_page_says_who(found: ClassReport, course: Path, tmp_path: Path) -> None:
    page, table = write_report(found, tmp_path, names=True, course_root=course)
    text = page.read_text(encoding="utf-8")
    assert "Manna Fjellrype (manna) (The notebook of" in text
    assert "is none of the teacher" in text
    for shown in ("Aanna Fjellrype (aanna)", "Nanna Fjellrype (nanna)", "Kanna Fjellrype (kanna) and Lanna"):
        assert shown in text
    assert "I am Kari Nordmann" not in text  # what a student's error says stays in its room
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["aanna"]["last_name"] == "Fjellrype"
    assert rows["aanna"]["misconceptions"] == "A share is a percentage"
    assert (rows["aanna"]["minutes"], rows["banna"]["minutes"]) == ("40", "")


def test_the_page_says_what_was_found(browser: Browser, written: tuple[Path, Path]) -> None:
    with opened(browser, written[0]) as (tab, _):
        rows = [" ".join(row.inner_text().split()) for row in tab.locator("table").first.locator("tbody tr").all()]
        body = " ".join(tab.locator("main").inner_text().split())
    assert [row[:25] for row in rows] == [
        "3 A share is a percentage",
        "2 There is always at leas",
        "1 A value that equals the",
    ]
    for said in (
        "12 students, mean",
        "Not counted, because a person has still to read it: Reflection.",
        "an error of its own in the student's code",
        "ValueError in the student's code",
        "Task 1: 1 student",
        "1 of 12 notebooks carry times",
        "In 1 notebook the median from the first to the last run is 40 minutes",
        "error (lower is better) 3 students, best 0.05, median 0.15",
        ": 2 reasons",
        "chance alone gives values between −0.59 and 0.59",
    ):
        assert said in body, said
    assert "Kari" not in body


def test_the_page_asks_no_host_and_runs_no_script(browser: Browser, written: tuple[Path, Path]) -> None:
    with opened(browser, written[0]) as (tab, asked):
        assert asked == [written[0].as_uri()]
        assert tab.locator("script").count() == 0
        for chart in tab.get_by_role("img").all():
            assert len(chart.get_attribute("aria-label")) > 30


@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, found: ClassReport, course: Path, tmp_path: Path, width: int, scheme: str, names: bool
) -> None:
    page, _ = write_report(found, tmp_path, names, course)
    with opened(browser, page, width, scheme) as (tab, _):
        tab.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
        result = Axe().run(tab)
        assert not result.violations_count, result.generate_report()
        assert not tab.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_on_paper_the_numbers_are_unfolded(browser: Browser, written: tuple[Path, Path]) -> None:
    with opened(browser, written[0], scheme="dark") as (tab, _):
        tab.emulate_media(media="print")
        assert tab.locator("details td").first.is_visible()
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_what_a_student_writes_is_inert(browser: Browser, found: ClassReport, course: Path, tmp_path: Path) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    student = replace(found.submissions[0].student, first_name=evil)
    report = replace(
        found,
        submissions=[replace(found.submissions[0], student=student), *found.submissions[1:]],
        suspicions={"banna": [evil]},
    )
    page, _ = write_report(report, tmp_path, names=True, course_root=course)
    with opened(browser, page) as (tab, asked):
        assert tab.title().startswith("Class report")
        assert asked == [page.as_uri()]
        assert evil in tab.locator("main").inner_text()


def test_the_course_s_own_lessons_are_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hipkit.book.build import HTML
    from hipkit.course import load_course
    from hipkit.grading.report_page import _links

    modules = {module.slug: module for module in load_course().modules}
    for slug in modules:
        for mutant in read_mutants(slug):
            ((words, address),) = _links((mutant,), modules, slug, tmp_path)
            page, _, anchor = address.partition("#")
            target = (tmp_path / page).resolve()
            assert target.is_relative_to(HTML)
            assert f'id="{anchor}"' in target.read_text(encoding="utf-8")
            assert words != anchor


def test_a_class_that_nbgrader_has_graded(make_course: Callable[[Path, str], Path], tmp_path: Path) -> None:
    course = make_course(FIXTURES, "counting")
    held = demo.hold_class("counting", course_root=course, root=tmp_path / "class", size=7)
    found = report_on("counting", held.root, tmp_path / "kept")
    assert titles(found) == {"limit_included": 2, "no_values_forgotten": 1, "percent": 1, "warns": 1}
    assert not any(one.explained.rest for one in found.submissions)
    assert [one.to_read for one in found.submissions] == [True, False, *[True] * 5]
    page, _ = write_report(found, tmp_path / "report", course_root=held.root)
    assert "Fjellrype" not in page.read_text(encoding="utf-8")


def test_what_the_commands_make_is_kept_out_of_the_repository() -> None:
    made = [f"assignments/{name}" for name in ("reports/counting/report.html", KEY)]
    done = subprocess.run(["git", "check-ignore", "--no-index", *made], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == made


def test_before_anything_is_graded(counting: Path, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="no gradebook yet"):
        report_on("counting", counting, tmp_path)
    with open_gradebook(counting, create=True) as gradebook:
        gradebook.add_student("kari")
    with pytest.raises(KitError, match="no submission yet"):
        classbook.assignments(counting)
    with pytest.raises(KitError, match="There is no assignment called 'nothing'"):
        report_on("nothing", counting, tmp_path)


def test_the_command_writes_both_files(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: ClassReport
) -> None:
    monkeypatch.setattr(report_module, "report_on", lambda slug, progress: found)
    answer = CliRunner().invoke(main, ["grade", "report", "counting", "--names", "--out", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert "A share is a percentage" in answer.output
    for name in ("report.html", "report.csv"):
        assert str(tmp_path / "counting" / name) in answer.output.replace("\n", "")
        assert (tmp_path / "counting" / name).is_file()
