"""A class through `hipkit grade run`: the right points, whatever happens on the way, and nothing done twice."""

import ast
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from handed_in import answered, hand_in, hand_in_class, released_notebook, solutions
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from hipkit.errors import KitError
from hipkit.grading import batch, ledger
from hipkit.grading.batch import run
from hipkit.grading.marker import Marker
from hipkit.grading.release import generate, settings

SLUG = "counting"
WORTH = {"count-test": 2.0, "share-test": 3.0}


def gradebook(course: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}", "hip")


def points(course: Path, student: str) -> dict[str, float]:
    with gradebook(course) as book:
        grades = book.find_submission_notebook(SLUG, SLUG, student).grades
        return {grade.name: grade.auto_score for grade in grades if grade.name in WORTH}


def everything(course: Path) -> list[tuple]:
    """All grades, comments and notes in the gradebook, without ids that are drawn anew and without times."""
    with sqlite3.connect(course / "gradebook.db") as db:
        grades = """select s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade
            from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
            join submitted_assignment s on s.id = n.assignment_id order by 1, 2"""
        comments = """select s.student_id, c.name, m.auto_comment, m.manual_comment
            from comment m join base_cell c on c.id = m.cell_id join submitted_notebook n on n.id = m.notebook_id
            join submitted_assignment s on s.id = n.assignment_id order by 1, 2"""
        notes = "select student, fingerprint, refused, findings, suspicions from hipkit_marking order by 1"
        return [row for query in (grades, comments, notes) for row in db.execute(query)]


@pytest.fixture
def course(counting: Path) -> Path:
    """The course with a class of six in it."""
    hand_in_class(counting, SLUG, 6)
    return counting


def test_everyone_gets_the_points_that_are_due(counting: Path) -> None:
    due = hand_in_class(counting, SLUG, 6)
    told = []
    outcome = run(SLUG, counting, jobs=2, progress=lambda done, total: told.append((done, total)))
    assert sorted(outcome.graded) == sorted(due) and not outcome.failed and not outcome.suspicious
    assert told == [(done, 6) for done in range(7)]
    for student, loses in due.items():
        assert points(counting, student) == {test: worth - loses.get(test, 0) for test, worth in WORTH.items()}
        assert (counting / "feedback" / student / SLUG / f"{SLUG}.html").is_file()
        assert (counting / "autograded" / student / SLUG / f"{SLUG}.ipynb").is_file()


def test_the_feedback_has_what_nbgrader_s_exchange_releases_it_by(course: Path) -> None:
    submitted = course / "submitted" / "student001" / SLUG
    for secret in ("first", "second"):  # handed in once more, with the same answers
        (submitted / "timestamp.txt").write_text("2026-11-25 10:00:00.000000 UTC")
        (submitted / "submission_secret.txt").write_text(secret)
        run(SLUG, course, jobs=2)
        feedback = course / "feedback" / "student001" / SLUG
        assert (feedback / "submission_secret.txt").read_text() == secret
        assert (feedback / "timestamp.txt").read_text() == "2026-11-25 10:00:00.000000 UTC"
    assert [path.name for path in (course / "feedback" / "student000" / SLUG).iterdir()] == [f"{SLUG}.html"]


def test_the_gradebook_is_as_nbgrader_s_own_command_leaves_it(course: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(course, other)
    run(SLUG, course, jobs=2)
    generate(SLUG, other)
    for student in sorted(path.name for path in (other / "submitted").iterdir()):
        done = NbGraderAPI(config=settings(other)).autograde(SLUG, student)
        assert done["success"], done
    with gradebook(other) as book:
        ledger.open_tables(book)
    mine, theirs = everything(course), everything(other)
    assert [row for row in mine if len(row) != 5 or row[1] in (*WORTH, "reflection")] and theirs
    assert [row for row in mine if row[1] in (*WORTH, "reflection", "count", "share")] == theirs


def test_a_second_run_changes_nothing_and_a_new_submission_is_graded(course: Path) -> None:
    run(SLUG, course, jobs=2)
    before, files = everything(course), {path: path.stat().st_mtime_ns for path in course.rglob("*.html")}
    outcome = run(SLUG, course, jobs=2)
    assert len(outcome.unchanged) == 6 and not outcome.graded
    assert everything(course) == before
    assert {path: path.stat().st_mtime_ns for path in course.rglob("*.html")} == files
    hand_in(course, SLUG, "student001", answered(course, SLUG, solutions(course, SLUG)))
    outcome = run(SLUG, course, jobs=2)
    assert outcome.graded == ["student001"] and points(course, "student001") == WORTH


def test_points_and_comments_by_hand_stay_and_show_in_the_feedback(course: Path) -> None:
    run(SLUG, course, jobs=2)
    with gradebook(course) as book:
        book.find_grade("reflection", SLUG, SLUG, "student000").manual_score = 4
        book.find_comment("reflection", SLUG, SLUG, "student000").manual_comment = "Well argued"
        book.db.commit()
    assert len(run(SLUG, course, jobs=2).unchanged) == 6
    page = (course / "feedback" / "student000" / SLUG / f"{SLUG}.html").read_text()
    assert "Well argued" in page and "(Score: 9.0 / 9.0)" in page
    hand_in(course, SLUG, "student000", released_notebook(course, SLUG))
    run(SLUG, course, jobs=2)
    with gradebook(course) as book:
        grade = book.find_grade("reflection", SLUG, SLUG, "student000")
        assert grade.manual_score == 4 and grade.needs_manual_grade


def test_one_broken_submission_stops_no_other_and_each_is_told_why(course: Path) -> None:
    (course / "submitted" / "student001" / SLUG / f"{SLUG}.ipynb").write_text("{ no notebook")
    outcome = run(SLUG, course, jobs=2)
    assert len(outcome.graded) == 5
    assert "stops being JSON" in outcome.refused["student001"].teacher
    assert points(course, "student001") == dict.fromkeys(WORTH, 0)
    with gradebook(course) as book:
        assert not book.find_submission(SLUG, "student001").needs_manual_grade
    page = (course / "feedback" / "student001" / SLUG / f"{SLUG}.html").read_text()
    assert "save it and hand it in again" in page
    assert "student001" in run(SLUG, course, jobs=2).refused  # still listed, and not graded anew
    hand_in(course, SLUG, "student001", answered(course, SLUG, solutions(course, SLUG)))
    assert run(SLUG, course, jobs=2).graded == ["student001"]
    assert points(course, "student001") == WORTH


def test_a_name_in_the_notice_to_a_student_cannot_become_markup(course: Path) -> None:
    folder = course / "submitted" / "student001" / SLUG
    (folder / f"{SLUG}.ipynb").rename(folder / "<img src=x onerror=alert(1)>*.ipynb")
    assert "student001" in run(SLUG, course, jobs=2).graded
    page = (course / "feedback" / "student001" / SLUG / f"{SLUG}.html").read_text()
    assert "&lt;img src=x onerror=alert(1)&gt;*.ipynb" in page and "<img src=x" not in page


def test_a_changed_assignment_does_not_change_grades_unasked(course: Path) -> None:
    run(SLUG, course, jobs=2)
    before = everything(course)
    source = course / "source" / SLUG / f"{SLUG}.ipynb"
    text = source.read_text()
    assert "The values above the limit are not counted." in text
    source.write_text(text.replace("The values above the limit are not counted.", "Count what is above the limit."))
    outcome = run(SLUG, course, jobs=2)
    assert len(outcome.outdated) == 6 and not outcome.graded and everything(course) == before
    source.write_text(text)
    (source.parent / "limits.csv").write_text("1")  # what stands beside the notebook is part of the assignment
    assert len(run(SLUG, course, jobs=2).outdated) == 6


def test_a_refusal_stands_whatever_happens_to_the_assignment(course: Path) -> None:
    (course / "submitted" / "student001" / SLUG / f"{SLUG}.ipynb").write_text("{ no notebook")
    run(SLUG, course, jobs=2)
    (course / "source" / SLUG / "limits.csv").write_text("1")
    outcome = run(SLUG, course, jobs=2)
    assert "student001" in outcome.refused and "student001" not in outcome.outdated and len(outcome.outdated) == 5


def test_a_regrade_shows_who_changes_before_it_writes(course: Path) -> None:
    run(SLUG, course, jobs=2)
    before = everything(course)
    source = course / "source" / SLUG / f"{SLUG}.ipynb"
    text = source.read_text()
    assert "assert count_above([1, 2, 3], 1) == 2" in text
    source.write_text(text.replace("assert count_above([1, 2, 3], 1) == 2", "assert count_above([1, 2, 3], 1) == 3"))
    shown: list[batch.Change] = []

    def refuse(changes: list[batch.Change]) -> bool:
        shown.extend(changes)
        return False

    batch.regrade(SLUG, refuse, course, jobs=2)
    had_points = {row[0] for row in before if row[1] == "count-test" and row[2]}
    assert {change.student for change in shown} == had_points
    assert all((one.before["count-test"], one.after["count-test"]) == (2, 0) for one in shown)
    assert everything(course) == before
    outcome = batch.regrade(SLUG, lambda changes: True, course, jobs=2)
    assert len(outcome.unchanged) == 6 and not outcome.suspicious
    assert {row[2] for row in everything(course) if row[1] == "count-test"} == {0}
    graded = (course / "autograded" / min(had_points) / SLUG / f"{SLUG}.ipynb").read_text()
    assert "count_above([1, 2, 3], 1) == 3" in graded


def test_a_late_submission_loses_what_the_policy_says(course: Path) -> None:
    with gradebook(course) as book:
        generate(SLUG, course)
        book.update_or_create_assignment(SLUG, duedate=datetime(2026, 11, 1))
        book.db.commit()
    (course / "submitted" / "student000" / SLUG / "timestamp.txt").write_text("2026-11-03 12:00:00 UTC")
    run(SLUG, course, jobs=1)
    with gradebook(course) as book:
        assert book.find_submission(SLUG, "student000").total_seconds_late == 2.5 * 86400
        assert book.find_submission(SLUG, "student003").total_seconds_late == 0


def test_two_runs_at_a_time_are_refused(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with batch._alone(course), pytest.raises(KitError, match="Another run is grading"):
        run(SLUG, course)


def test_where_nothing_can_be_contained_it_refuses_and_says_so(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "unavailable", lambda: "No rooms here.")
    with pytest.raises(KitError, match=r"No rooms here\. To run students' code as yourself all the same: --no-sandbox"):
        run(SLUG, course)
    assert not (course / "autograded").exists()
    assert len(run(SLUG, course, jobs=2, contained=False).graded) == 6


def test_on_windows_it_says_where_to_grade(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(KitError, match="Windows Subsystem for Linux"):
        run(SLUG, course, contained=False)


def test_nobody_has_handed_in(counting: Path) -> None:
    with pytest.raises(KitError, match="Nobody has handed in 'counting'"):
        run(SLUG, counting)


def test_a_grading_process_that_ends_is_started_afresh(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = Marker._start, []

    def start_and_kill_the_first(self: Marker, can_grade: bool) -> None:
        start(self, can_grade)
        started.append(self)
        if len(started) == 1:
            os.kill(self._fork._process, signal.SIGKILL)

    monkeypatch.setattr(Marker, "_start", start_and_kill_the_first)
    outcome = run(SLUG, course, jobs=1)
    assert len(started) == 2 and len(outcome.graded) == 6 and not outcome.failed


def test_no_code_is_parsed_by_several_threads_at_a_time(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python before 3.11.8 and 3.12.2 may then raise SystemError (CPython issue 106905)."""
    parse, threads = ast.parse, []

    def parse_and_note(*args: object, **options: object) -> ast.AST:
        threads.append(threading.current_thread())
        return parse(*args, **options)

    monkeypatch.setattr(ast, "parse", parse_and_note)
    run(SLUG, course, jobs=4)
    assert threads and set(threads) == {threading.current_thread()}


def test_a_fault_of_grading_is_told_and_tried_again(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = course / "source" / SLUG / f"{SLUG}.ipynb"
    whole = source.read_text()
    outcome = None
    ask = Marker.ask

    def fail_for_one(self: Marker, order: object) -> object:
        if getattr(order, "student", "") == "student002":
            raise KitError("Grading failed, on purpose.")
        return ask(self, order)

    with monkeypatch.context() as patched:
        patched.setattr(Marker, "ask", fail_for_one)
        outcome = run(SLUG, course, jobs=2)
    assert outcome.failed == {"student002": "Grading failed, on purpose."} and len(outcome.graded) == 5
    assert run(SLUG, course, jobs=2).graded == ["student002"]
    assert source.read_text() == whole


def test_tampering_is_marked_for_a_person_and_changes_no_points(course: Path) -> None:
    notebook = answered(course, SLUG, {})
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "count-test":
            cell.metadata.nbgrader.points = 90
            cell.source = "pass"
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "share-test"]
    invented = nbformat.v4.new_code_cell("99")
    invented.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 50,
        "grade_id": "mine",
        "schema_version": 3,
        "task": False,
        "cell_type": "code",
    }
    notebook.cells.append(invented)
    hand_in(course, SLUG, "student000", notebook)
    outcome = run(SLUG, course, jobs=2)
    assert list(outcome.suspicious) == ["student000"]
    said = " ".join(outcome.suspicious["student000"])
    assert "'count-test', what nbgrader keeps was changed: points" in said
    assert "The test 'count-test' was changed" in said and "'mine' is none of the teacher's" in said
    assert points(course, "student000") == dict.fromkeys(WORTH, 0)
    page = (course / "feedback" / "student000" / SLUG / f"{SLUG}.html").read_text()
    assert "was missing and was put back" in page


KILLED = """
import sys
from pathlib import Path
from hipkit.grading.batch import run
run({slug!r}, Path({course!r}), jobs=2)
"""


def test_killed_at_any_moment_it_goes_on_where_it_was(make_course: Callable[[Path, str], Path], tmp_path: Path) -> None:
    course = make_course(Path(__file__).parent / "fixtures", SLUG)
    hand_in_class(course, SLUG, 8)
    with batch._prepared(SLUG, course, contained=True):
        pass  # the assignment and its seed stand in the gradebook of both copies
    whole = tmp_path / "whole"
    shutil.copytree(course, whole)
    run(SLUG, whole, jobs=2)
    wanted, pages = everything(whole), {page.relative_to(whole): page.read_text() for page in whole.rglob("*.html")}
    for moment in (1.0, 2.0, 2.6, 3.2, 3.8):
        going = subprocess.Popen(
            [sys.executable, "-c", KILLED.format(slug=SLUG, course=str(course))], start_new_session=True
        )
        time.sleep(moment)
        going.send_signal(signal.SIGKILL)
        going.wait()
    run(SLUG, course, jobs=2)
    assert everything(course) == wanted
    assert {page.relative_to(course): page.read_text() for page in course.rglob("*.html")} == pages
    assert not [path for path in course.rglob(f".{SLUG}-*")]  # half-written folders
