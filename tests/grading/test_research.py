"""The export for research: pseudonyms, no small cells, nothing that a student wrote, and a description that is true."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import research as research_module
from hipkit.grading.mutants import read_mutants
from hipkit.grading.pseudonyms import pseudonym, read_key
from hipkit.grading.research import LEAST, OUTCOMES, PARTICIPANTS, Exported, export_research

FIXTURES = Path(__file__).parent / "fixtures"
START = datetime(2026, 11, 16, 23, 58, 7)
NOSY = {"share": "def share_above(values, limit):\n    raise ValueError('I am Kari Nordmann')"}


@pytest.fixture(scope="module")
def course(make_class: Callable[..., Path]) -> Path:
    """A class of 20: six with one misconception, three with another, one who names herself, one who did nothing."""
    wrong = {mutant.name: mutant.cells for mutant in read_mutants("counting", FIXTURES)}
    stub = "raise NotImplementedError  # put your answer here, in place of this line"
    untouched = {
        "count": f"def count_above(values, limit):\n    {stub}",
        "share": f"def share_above(values, limit):\n    {stub}",
    }
    answers = [*[wrong["percent"]] * 6, *[wrong["no_values_forgotten"]] * 3, NOSY, untouched, *[{}] * 9]
    return make_class(
        {f"student{number:02}": answer for number, answer in enumerate(answers)},
        day=lambda number: START + timedelta(days=number // 4, seconds=13 * number),
    )


@pytest.fixture(scope="module")
def done(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("export")
    return export_research(["counting"], folder / "data", course_root=course, kept=folder / "kept")


def table(done: Exported, name: str) -> list[dict[str, str]]:
    with (done.folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_nothing_says_who_is_who(done: Exported, course: Path) -> None:
    key = read_key(course).hex()
    for path in done.folder.iterdir():
        text = path.read_text(encoding="utf-8").lower()
        for secret in ("student0", "student1", "fjellrype", "kari", "nordmann", key, "23:58", "count_above"):
            assert secret not in text, (path.name, secret)


def test_no_value_of_a_column_is_had_by_few(done: Exported) -> None:
    rows = table(done, "participants.csv")
    for pair in (("points_from", "points_to"), ("handed_in_from", "handed_in_to")):
        assert min(Counter(tuple(row[name] for name in pair) for row in rows).values()) >= LEAST
    for task in ("Task 1", "Task 2"):
        outcomes = Counter(row["outcome"] for row in table(done, "outcomes.csv") if row["task"] == task)
        assert min(outcomes.values()) >= LEAST


def test_what_many_have_is_there(done: Exported) -> None:
    rows = table(done, "outcomes.csv")
    assert Counter(row["outcome"] for row in rows if row["task"] == "Task 2") == {
        "all points": 9,
        "misconception: A share is a percentage": 6,
        "withheld": 5,
    }
    assert {row["task"] for row in rows} == {"Task 1", "Task 2"}  # nobody has read the reflections
    assert done.participants == 20


def test_days_are_whole_and_in_order(done: Exported) -> None:
    for row in table(done, "participants.csv"):
        first, last = row["handed_in_from"], row["handed_in_to"]
        assert re.fullmatch(r"2026-11-\d\d", first) and re.fullmatch(r"2026-11-\d\d", last) and first <= last


def test_pseudonyms_are_those_of_the_key_and_in_no_other_order(done: Exported, course: Path) -> None:
    names = [row["participant"] for row in table(done, "participants.csv")]
    key = read_key(course)
    assert set(names) == {pseudonym(key, "research", f"student{number:02}") for number in range(20)}
    assert names == sorted(names)
    assert {row["participant"] for row in table(done, "outcomes.csv")} == set(names)
    assert done.key.stat().st_mode & 0o077 == 0


def test_the_dictionary_has_every_column(done: Exported) -> None:
    described = {(row["table"], row["column"]) for row in table(done, "dictionary.csv")}
    columns = {
        (name, column)
        for name in ("participants.csv", "outcomes.csv")
        for column in next(csv.reader((done.folder / name).read_text(encoding="utf-8-sig").splitlines()))
    }
    assert described == columns
    assert len(columns) == len(PARTICIPANTS) + len(OUTCOMES)
    assert "{k}" not in (done.folder / "dictionary.csv").read_text(encoding="utf-8")


def test_the_readme_says_what_holds(done: Exported) -> None:
    text = (done.folder / "README.md").read_text(encoding="utf-8")
    for said in ("20 students", "These are still personal data", "Article 89", "at least 5 students", "pseudonyms.key"):
        assert said in text
    assert f"Here {100 * done.withheld:.0f} % of the outcomes are withheld" in text
    assert max(map(len, text.splitlines())) < 400


def test_who_has_said_no_is_not_in_it(course: Path, tmp_path: Path) -> None:
    gone = ["student00", "student19"]
    done = export_research(["counting"], tmp_path / "data", gone, course, tmp_path / "kept")
    key = read_key(course)
    names = {row["participant"] for row in table(done, "participants.csv") + table(done, "outcomes.csv")}
    assert len(names) == 18
    assert not names & {pseudonym(key, "research", one) for one in gone}
    with pytest.raises(KitError, match="not in the gradebook: studnet00"):
        export_research(["counting"], tmp_path / "data", ["studnet00"], course, tmp_path / "kept")


def test_a_small_class_is_refused(make_class: Callable[..., Path], tmp_path: Path) -> None:
    course = make_class({f"student{number}": {} for number in range(LEAST - 1)})
    with pytest.raises(KitError, match="4 graded submissions"):
        export_research(["counting"], tmp_path / "data", course_root=course, kept=tmp_path / "kept")
    assert not (tmp_path / "data").exists()


def test_the_command_says_that_the_data_are_personal(
    done: Exported, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(research_module, "export_research", lambda *asking, progress: asked.append(asking) or done)
    (tmp_path / "no.csv").write_text("id\nstudent03\n")
    arguments = ["grade", "research", "counting", "--out", str(tmp_path), "--without", str(tmp_path / "no.csv")]
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 0, answer.output
    assert asked == [(["counting"], tmp_path, ["student03"])]
    for said in ("personal data still", "legal basis", "Article 89", str(done.key), "20 students"):
        assert said in answer.output
