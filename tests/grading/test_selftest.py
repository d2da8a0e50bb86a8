"""The graders tell right from wrong, for every assignment; and where a grader does not, the selftest says so."""

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import selftest as selftest_module
from hipkit.grading.release import slugs
from hipkit.grading.selftest import REFERENCE, RELEASED, run

FIXTURES = Path(__file__).parent / "fixtures"
# A taste of the hundred that `hipkit grade selftest` runs: some thirty assignments have to fit into a few minutes.
SEEDS = 10


@pytest.mark.parametrize("slug", slugs())
def test_the_graders_tell_right_from_wrong(slug: str) -> None:
    report = run(slug, seeds=SEEDS, jobs=1)
    assert report.faults() == []
    assert len(report.mutants) >= 8
    runs = Counter(one.answer for one in report.runs)
    assert runs == {REFERENCE: SEEDS, RELEASED: 1} | {mutant.name: 1 for mutant in report.mutants}
    assert sum(report.worth.values()) == 20


def test_points_are_those_that_nbgrader_gives(counting: Path) -> None:
    report = run("counting", seeds=2, jobs=1, course_root=counting)
    assert report.worth == {"count-test": 2, "share-test": 3}
    points = {one.answer: one.points for one in report.runs}
    assert points[REFERENCE] == {"count-test": 2, "share-test": 3}
    assert points[RELEASED] == {"count-test": 0, "share-test": 0}
    assert points["no_values_forgotten"] == {"count-test": 2, "share-test": 2}  # part of the points
    assert points["percent"] == {"count-test": 2, "share-test": 0}
    assert points["warns"] == {"count-test": 0, "share-test": 0}  # anything on stderr takes all
    assert report.faults() == []


def test_the_selftest_leaves_the_course_as_it_was(counting: Path) -> None:
    before = sorted(counting.rglob("*"))
    run("counting", seeds=1, jobs=1, course_root=counting)
    assert sorted(counting.rglob("*")) == before


def test_progress_counts_every_run() -> None:
    told = []
    report = run(
        "counting", seeds=20, jobs=2, course_root=FIXTURES, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(done, len(report.runs)) for done in range(1, len(report.runs) + 1)]
    assert [one.seed for one in report.runs if one.answer == REFERENCE] == list(range(20))


def test_a_test_that_cannot_fail_is_a_fault() -> None:
    report = run("cannot-fail", seeds=1, jobs=1, course_root=FIXTURES)
    assert report.faults() == [
        "released copy: 'double-test' gives 2 points, not 0 (1 of 1 seed).",
        "tripled: 'double-test' gives 2 points, not 0 (1 of 1 seed). "
        "The hidden tests do not see it: sharpen them, or correct 'loses'.",
    ]


def edit(course: Path, old: str, new: str) -> None:
    path = course / "source" / "counting" / "counting.ipynb"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_reference_that_a_seed_fails_is_a_fault(counting: Path) -> None:
    edit(counting, "assert count_above([1, 2, 3], 1) == 2,", "assert rng.random() < 0.6,")
    faults = run("counting", seeds=20, jobs=1, course_root=counting).faults()
    (failed,) = [fault for fault in faults if fault.startswith("reference: 'count-test' gives 0 points, not 2")]
    assert 2 <= int(re.search(r"\((\d+) of 20 seeds\)", failed)[1]) <= 18
    assert "It said: AssertionError: The values above the limit are not counted." in failed
    assert faults[0] == failed
    assert not [fault for fault in faults if "'loses'" in fault]


def test_a_test_that_no_wrong_answer_loses_is_a_fault(counting: Path) -> None:
    for name in ("limit_included", "warns"):
        (counting / "mutants" / "counting" / f"{name}.py").unlink()
    faults = run("counting", seeds=1, jobs=1, course_root=counting).faults()
    assert faults == ["No wrong answer loses points in 'count-test': write one."]


def test_points_that_nbgrader_cannot_read_are_refused(counting: Path) -> None:
    edit(counting, '"points"\n', '"np.float64(points)"\n')
    with pytest.raises(KitError, match=r"float\(\.\.\.\)"):
        run("counting", seeds=1, jobs=1, course_root=counting)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("# %% share", "# %% shares", "no solution cell 'shares'"),
        ("= 3}", "= 4}", "cannot lose 4 points"),
        ("share-test", "share-tests", "cannot lose 3 points"),
    ],
)
def test_a_wrong_answer_that_does_not_fit_is_refused(counting: Path, old: str, new: str, says: str) -> None:
    path = counting / "mutants" / "counting" / "percent.py"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(KitError, match="percent") as raised:
        run("counting", seeds=1, jobs=1, course_root=counting)
    assert says in str(raised.value)


@pytest.mark.parametrize(("slug", "code"), [("counting", 0), ("cannot-fail", 1)])
def test_the_command_shows_the_answers_and_fails_where_a_grader_does(
    slug: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest_module.run, "__defaults__", (100, None, FIXTURES, lambda done, total: None))
    answer = CliRunner().invoke(main, ["grade", "selftest", slug, "--seeds", "1", "--jobs", "1"])
    assert answer.exit_code == code, answer.output
    assert "limit_included" in answer.output
    assert ("2 faults in the graders" in answer.output) == bool(code)


def test_an_unknown_assignment_is_named_with_those_there_are() -> None:
    answer = CliRunner().invoke(main, ["grade", "selftest", "nothing"])
    assert answer.exit_code == 1
    assert "There is no assignment called 'nothing'. The assignments are: " in answer.output
