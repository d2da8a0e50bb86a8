"""Due dates, extensions and what late work loses: in nbgrader's gradebook, by `nbgrader autograde`, in Oslo's time."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook, SubmittedAssignment
from sqlalchemy.orm import object_session

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import batch, deadlines
from hipkit.grading.deadlines import deadline, extend, set_due
from hipkit.grading.extensions import FILE, read_extensions
from hipkit.grading.late import Policy, read_policy
from hipkit.grading.release import generate
from hipkit.grading.times import from_oslo, read_stamp, stamped, to_oslo, typed
from hipkit.paths import ASSIGNMENTS

SLUG = "counting"
RULES = "[late]\ngrace_minutes = 15\npercent_a_day = 10\nfloor_percent = 50\n"
HOUR, DAY = 3600, 24 * 3600


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-23 14:00", datetime(2026, 11, 23, 13)),
        ("2026-07-01 14:00", datetime(2026, 7, 1, 12)),
        ("2026-11-23", datetime(2026, 11, 23, 22, 59)),
        (" 2026-07-01 ", datetime(2026, 7, 1, 21, 59)),
        # Summer time begins on 29 March 2026 at 2 and ends on 25 October at 3.
        ("2026-03-29 01:59", datetime(2026, 3, 29, 0, 59)),
        ("2026-03-29 03:00", datetime(2026, 3, 29, 1)),
        ("2026-10-25 01:59", datetime(2026, 10, 24, 23, 59)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 1, 30)),  # there are two: the later one
        ("2026-10-25 03:00", datetime(2026, 10, 25, 2)),
    ],
)
def test_what_a_teacher_types_is_a_time_in_oslo(text: str, utc: datetime) -> None:
    assert typed(text) == utc
    assert to_oslo(utc).startswith(text.strip())


@pytest.mark.parametrize("text", ["2026-03-29 02:30", "tomorrow", "23.11.2026", "2026-02-30", "2026-11-23 25:00", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(KitError):
        typed(text)


def test_a_stamp_is_read_back() -> None:
    utc = datetime(2026, 11, 23, 12, 30)
    assert read_stamp(stamped(utc)) == utc
    assert read_stamp("2026-11-23 13:30:00 +0100") == utc


@pytest.mark.parametrize(
    ("seconds", "lost"),
    [
        (0, 0),
        (15 * 60, 0),
        (15 * 60 + 1, 2),
        (DAY, 2),
        (DAY + 1, 4),
        (5 * DAY, 10),
        (50 * DAY, 10),
    ],
)
def test_each_day_begun_costs_down_to_the_floor(seconds: float, lost: float) -> None:
    policy = Policy(grace_minutes=15, percent_a_day=10, floor_percent=50)
    assert policy.penalty(20, seconds) == pytest.approx(lost)
    assert Policy().penalty(20, seconds) == 0


def test_the_courses_own_policy_is_whole_and_takes_nothing_until_a_teacher_decides() -> None:
    assert read_policy(ASSIGNMENTS / "policy.toml") == Policy(grace_minutes=15, percent_a_day=0, floor_percent=50)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[late", "not valid TOML"),
        ("[late]\npercent_per_day = 10\n", "no rule 'percent_per_day'"),
        ("[late]\npercent_a_day = 110\n", "Write a number from 0 to 100"),
        ("[late]\npercent_a_day = true\n", "Write a number from 0 to 100"),
        ("[late]\ngrace_minutes = '15'\n", "Write a number not below 0"),
        ("[late]\nfloor_percent = nan\n", "Write a number from 0 to 100"),
    ],
)
def test_a_policy_that_cannot_be_read_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(KitError, match=says):
        read_policy(tmp_path / "policy.toml")


@pytest.fixture(scope="module")
def released(make_course: Callable[[Path, str], Path]) -> Path:
    """A course with one assignment released, whose gradebook took seconds to make."""
    root = make_course(Path(__file__).parent / "fixtures", SLUG)
    (root / "policy.toml").write_text(RULES)
    generate(SLUG, root)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "hip") as gradebook:
        for student in ("kari", "ola", "per"):
            gradebook.add_student(student)
    return root


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(released, root)
    return root


@contextmanager
def submission(course: Path, student: str) -> Iterator[SubmittedAssignment]:
    with Gradebook(f"sqlite:///{course}/gradebook.db", "hip") as gradebook:
        yield gradebook.find_submission(SLUG, student)


def hand_in(course: Path, student: str, utc: datetime | None) -> None:
    notebook = json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "count":
            cell["source"] = "def count_above(values, limit):\n    return int(sum(value > limit for value in values))"
    place = course / "submitted" / student / SLUG
    place.mkdir(parents=True)
    (place / f"{SLUG}.ipynb").write_text(json.dumps(notebook))
    if utc:
        (place / "timestamp.txt").write_text(f"{stamped(utc)}\n")


def autograde(course: Path) -> None:
    """As a teacher does, in the course's folder."""
    command = [sys.executable, "-m", "nbgrader", "autograde", SLUG, "--force"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def hipkit_run(course: Path) -> None:
    assert batch.run(SLUG, course, jobs=1, contained=False).failed == {}


@pytest.mark.parametrize("grade", [autograde, hipkit_run])
def test_grading_follows_due_date_extension_and_policy(course: Path, grade: Callable[[Path], None]) -> None:
    due = set_due(SLUG, "2026-10-24 12:00", course)
    assert due.due == datetime(2026, 10, 24, 10)
    extend("per", SLUG, "2026-10-26 12:00", "away", course)  # before he hands in; winter time has begun
    hand_in(course, "kari", datetime(2026, 10, 24, 10, 15))  # in the minutes of grace
    hand_in(course, "ola", datetime(2026, 10, 25, 10, 0, 1))  # a day and a second: two days have begun
    hand_in(course, "per", datetime(2026, 10, 26, 11))  # noon in Oslo
    grade(course)
    for student, lost in (("kari", 0), ("ola", 0.4), ("per", 0)):
        with submission(course, student) as found:
            assert found.score == 2
            assert found.late_submission_penalty == pytest.approx(lost), student
    with submission(course, "per") as found:
        assert found.extension == timedelta(days=2, hours=1)  # the night of 25 October has an hour more
        assert found.total_seconds_late == 0


def test_work_without_a_time_or_a_due_date_is_never_late(course: Path) -> None:
    hand_in(course, "kari", datetime(2030, 1, 1))
    hand_in(course, "ola", None)
    autograde(course)
    assert deadline(SLUG, course).late == []
    assert set_due(SLUG, "2026-10-24", course).late == ["kari"]
    with submission(course, "ola") as found:
        assert not found.late_submission_penalty


class TestAfterGrading:
    """What changes after grading is brought into the gradebook without grading again."""

    @pytest.fixture(autouse=True)
    def graded(self, course: Path) -> None:
        self.course = course
        set_due(SLUG, "2026-11-23 12:00", course)
        with Gradebook(f"sqlite:///{course}/gradebook.db", "hip") as gradebook:
            for student, hours in (("kari", 30), ("ola", 0)):
                when = datetime(2026, 11, 23, 11) + timedelta(hours=hours)
                row = gradebook.add_submission(SLUG, student, timestamp=when)
                grade = next(one for one in row.notebooks[0].grades if one.name == "count-test")
                grade.auto_score = 2.0
            gradebook.db.commit()

    def lost(self, student: str) -> float:
        with submission(self.course, student) as found:
            return found.late_submission_penalty or 0

    def test_a_new_due_date(self) -> None:
        first = deadline(SLUG, self.course)
        assert (first.late, first.changed, self.lost("kari")) == (["kari"], ["kari"], pytest.approx(0.4))
        second = set_due(SLUG, "2026-11-22 12:00", self.course)
        assert second.late == ["kari", "ola"]
        assert self.lost("kari") == pytest.approx(0.6)
        assert self.lost("ola") == pytest.approx(0.2)
        third = set_due(SLUG, "2026-11-30", self.course)
        assert (third.late, third.changed) == ([], ["kari", "ola"])
        assert self.lost("kari") == self.lost("ola") == 0

    def test_an_extension_and_taking_it_back(self) -> None:
        deadline(SLUG, self.course)
        found = extend("kari", SLUG, "2026-11-25", 'a reason with "quotes" and æøå', self.course)
        assert (found.late, found.changed) == ([], ["kari"])
        assert [(one.student, one.reason) for one in found.extensions] == [("kari", 'a reason with "quotes" and æøå')]
        assert self.lost("kari") == 0
        later = extend("kari", SLUG, "2026-11-23 12:30", "", self.course)  # it replaces the one before
        assert [one.until for one in later.extensions] == [datetime(2026, 11, 23, 12, 30)]
        assert self.lost("kari") == pytest.approx(0.4)
        back = extend("kari", SLUG, "2026-11-23 12:00", "", self.course)
        assert back.extensions == []
        with submission(self.course, "kari") as row:
            assert row.extension is None

    def test_an_extension_holds_to_its_hour_when_the_due_date_moves(self) -> None:
        extend("kari", SLUG, "2026-11-24 20:00", "", self.course)
        assert set_due(SLUG, "2026-11-20", self.course).late == ["ola"]
        assert set_due(SLUG, "2026-12-20", self.course).late == []

    def test_points_given_by_hand(self) -> None:
        deadline(SLUG, self.course)
        with submission(self.course, "kari") as row:
            grade = next(one for one in row.notebooks[0].grades if one.name == "reflection")
            grade.manual_score = 4
            object_session(grade).commit()
        assert deadline(SLUG, self.course).changed == ["kari"]
        assert self.lost("kari") == pytest.approx(1.2)  # a fifth of six points

    def test_a_new_policy(self) -> None:
        deadline(SLUG, self.course)
        rules = self.course / "policy.toml"
        rules.write_text(RULES.replace("percent_a_day = 10", "percent_a_day = 0"))
        assert deadline(SLUG, self.course).changed == ["kari"]
        assert self.lost("kari") == 0

    def test_what_nbgrader_granted_itself_stays(self) -> None:
        with Gradebook(f"sqlite:///{self.course}/gradebook.db", "hip") as gradebook:
            gradebook.grant_extension(SLUG, "kari", days=2)
        assert deadline(SLUG, self.course).late == []


def test_an_extension_needs_a_due_date_a_later_time_and_a_student(course: Path) -> None:
    with pytest.raises(KitError, match="has no due date to extend"):
        extend("kari", SLUG, "2026-11-25", "", course)
    set_due(SLUG, "2026-11-23", course)
    with pytest.raises(KitError, match=r"is due 2026-11-23 23:59, which is later"):
        extend("kari", SLUG, "2026-11-22", "", course)
    with pytest.raises(KitError, match=r"Nobody in the course is called 'karri'. Did you mean 'kari'\?"):
        extend("karri", SLUG, "2026-11-25", "", course)
    with pytest.raises(KitError, match="characters that cannot be shown"):
        extend("kari", SLUG, "2026-11-25", "two\nlines", course)
    with pytest.raises(KitError, match="There is no assignment called 'other'"):
        set_due("other", "2026-11-25", course)
    assert read_extensions(course) == []


@pytest.mark.parametrize(
    "text",
    ["[[extension]]\nstudent = 'kari'\n", "extension = 3\n", "[[extension", "[[extension]]\nuntil = 3\n"],
)
def test_extensions_that_cannot_be_read_are_said(course: Path, text: str) -> None:
    (course / FILE).write_text(text)
    with pytest.raises(KitError, match="Each extension has student, assignment, until, reason"):
        read_extensions(course)


def test_reasons_stay_out_of_the_repository() -> None:
    ignored = subprocess.run(["git", "check-ignore", f"assignments/{FILE}"], cwd=ASSIGNMENTS.parent, check=False)
    assert ignored.returncode == 0


def test_the_due_date_survives_a_new_release(course: Path) -> None:
    set_due(SLUG, "2026-11-23", course)
    generate(SLUG, course)
    assert deadline(SLUG, course).due == datetime(2026, 11, 23, 22, 59)


def test_the_commands(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for function in (deadlines.deadline, deadlines.set_due, deadlines.extend):
        monkeypatch.setattr(function, "__defaults__", (*(function.__defaults__ or ())[:-1], course))

    def run(*arguments: str) -> str:
        answer = CliRunner().invoke(main, ["grade", *arguments])
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert "counting has no due date" in run("due", SLUG)
    assert "counting is due 2026-11-23 23:59 in Oslo" in run("due", SLUG, "2026-11-23")
    said = run("extend", "kari", SLUG, "2026-11-25 12:00", "--reason", "[ill]")
    assert "kari until 2026-11-25 12:00: [ill]" in said
    assert "Late: nobody so far" in said
    refused = CliRunner().invoke(main, ["grade", "due", SLUG, "soon"])
    assert refused.exit_code == 1
    assert "'soon' is no time. Write 2026-11-23 14:00" in refused.output


def test_the_hour_that_is_left_out_is_in_no_stored_time() -> None:
    with pytest.raises(ValueError, match="put forward"):
        from_oslo(datetime(2026, 3, 29, 2, 0))
