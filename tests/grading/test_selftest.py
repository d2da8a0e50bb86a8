"""The graders tell right from wrong, for every assignment; and where a grader does not, the selftest says so."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import results as results_module
from hipkit.grading import selftest as selftest_module
from hipkit.grading.release import slugs
from hipkit.grading.results import results, stored
from hipkit.grading.selftest import REFERENCE, RELEASED, Outcome, Report

FIXTURES = Path(__file__).parent / "fixtures"
# A taste of the hundred that `hipkit grade selftest` runs: some thirty assignments have to fit into a few minutes.
SEEDS = 10


def run(slug: str, **settings: object) -> Report:
    (report,) = selftest_module.run([slug], **settings)
    return report


@pytest.mark.parametrize("slug", slugs())
def test_the_graders_tell_right_from_wrong(slug: str) -> None:
    # `make test` has just run the hundred: where nothing has changed since, they are what is looked at.
    ((report, _),) = results([slug], seeds=SEEDS, jobs=1)
    assert report.faults() == []
    assert len(report.mutants) >= 8
    wrong = {mutant.name: max(1, report.seeds // 20) for mutant in report.mutants}
    runs = {answer: report.runs(answer) for answer in report.outcomes}
    assert runs == {REFERENCE: report.seeds, RELEASED: 1} | wrong
    assert report.seeds >= SEEDS
    assert sum(report.worth.values()) == 20


def test_points_are_those_that_nbgrader_gives(counting: Path) -> None:
    report = run("counting", seeds=2, jobs=1, course_root=counting)
    assert report.worth == {"count-test": 2, "share-test": 3}
    assert report.points(REFERENCE) == {"count-test": {2}, "share-test": {3}}
    assert report.points(RELEASED) == {"count-test": {0}, "share-test": {0}}
    assert report.points("no_values_forgotten") == {"count-test": {2}, "share-test": {2}}  # part of the points
    assert report.points("percent") == {"count-test": {2}, "share-test": {0}}
    assert report.points("warns") == {"count-test": {0}, "share-test": {0}}  # anything on stderr takes all
    assert report.faults() == []


def test_an_answer_that_is_called_as_a_function_of_python_s_is_refused(counting: Path) -> None:
    edit(counting, "count_above", "sum")
    with pytest.raises(KitError, match="an answer and Python both define 'sum'"):
        run("counting", seeds=1, jobs=1, course_root=counting)


def test_what_stands_beside_the_notebook_is_there(counting: Path) -> None:
    (counting / "source" / "counting" / "limits.csv").write_text("1")
    edit(counting, '"def count_above', '"open(\'limits.csv\').close()\\n", "def count_above')
    assert run("counting", seeds=2, jobs=1, course_root=counting).faults() == []


def test_what_a_test_says_to_a_wrong_answer_is_kept() -> None:
    report = run("counting", seeds=40, jobs=2, course_root=FIXTURES)
    says = "AssertionError: A value that equals the limit is not above it."
    assert report.outcomes["limit_included"]["count-test"][0].says in (
        says,
        "AssertionError: The values above the limit are not counted.",
    )
    assert report.outcomes["no_values_forgotten"] == {
        "count-test": [Outcome(2, 2, "")],
        "share-test": [Outcome(2, 2, "part of the points")],
    }
    assert report.outcomes[REFERENCE] == {"count-test": [Outcome(2, 40, "")], "share-test": [Outcome(3, 40, "")]}


def test_the_mutation_score_counts_what_loses_points_in_every_run() -> None:
    report = run("counting", seeds=1, jobs=1, course_root=FIXTURES)
    first, *_, reflection = report.tasks
    assert (first.title, first.points, reflection.tests, reflection.read) == ("Task 1", 2, {}, {"reflection": 4})
    wrong = [{mutant.name for mutant in report.wrong_answers(task)} for task in report.tasks]
    two = {"limit_included", "warns"}
    assert wrong == [two, two | {"no_values_forgotten", "percent"}, set()]
    assert [len(report.caught(task)) for task in report.tasks] == [2, 4, 0]
    assert [report.unkilled(task) for task in report.tasks] == [[], [], []]
    lucky = {"count-test": [Outcome(0, 1, "no"), Outcome(2, 1, "")], "share-test": [Outcome(3, 2, "")]}
    kind = dataclasses.replace(report, outcomes=dict.fromkeys(report.outcomes, lucky))
    assert kind.caught(first) == []
    assert kind.unkilled(first) == ["count-test"]


def test_a_test_cell_that_catches_no_wrong_answer_is_named() -> None:
    report = run("cannot-fail", seeds=1, jobs=1, course_root=FIXTURES)
    assert [test for task in report.tasks for test in report.unkilled(task)] == ["double-test"]


def test_the_selftest_leaves_the_course_as_it_was(counting: Path) -> None:
    before = sorted(counting.rglob("*"))
    run("counting", seeds=1, jobs=1, course_root=counting)
    assert sorted(counting.rglob("*")) == before


def test_all_assignments_share_one_pool_and_progress_counts_every_run() -> None:
    told = []
    slugs = ["counting", "cannot-fail"]
    reports = selftest_module.run(
        slugs, seeds=20, jobs=2, course_root=FIXTURES, progress=lambda done, total: told.append((done, total))
    )
    found = {report.slug: report for report in reports}
    assert set(found) == set(slugs)
    every = sum(report.runs(answer) for report in found.values() for answer in report.outcomes)
    assert told == [(done, every) for done in range(1, every + 1)]
    assert all(report.runs(REFERENCE) == 20 for report in found.values())
    assert found["counting"] == run("counting", seeds=20, jobs=1, course_root=FIXTURES)


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


@pytest.mark.parametrize("value", ["np.float64(points)", "float('nan')", "-1.0"])
def test_points_that_nbgrader_cannot_read_are_refused(counting: Path, value: str) -> None:
    edit(counting, '"points"\n', f'"{value}"\n')
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


@pytest.fixture
def fixture_course(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command works on the tiny assignments, and keeps its results elsewhere than the course's."""
    seeds, again, jobs, _, _, progress = results.__defaults__
    monkeypatch.setattr(results, "__defaults__", (seeds, again, jobs, FIXTURES, tmp_path, progress))


@pytest.mark.usefixtures("fixture_course")
@pytest.mark.parametrize(("slug", "code"), [("counting", 0), ("cannot-fail", 1)])
def test_the_command_shows_the_answers_and_fails_where_a_grader_does(slug: str, code: int) -> None:
    answer = CliRunner().invoke(main, ["grade", "selftest", slug, "--seeds", "1", "--jobs", "1"])
    assert answer.exit_code == code, answer.output
    assert "limit_included" in answer.output
    assert ("2 faults in the graders" in answer.output) == bool(code)
    assert "1 assignment run, 0 unchanged" in answer.output
    # The second time nothing runs, and a fault is still a fault.
    answer = CliRunner().invoke(main, ["grade", "selftest", slug, "--seeds", "1", "--jobs", "1"])
    assert answer.exit_code == code
    assert "(unchanged)" in answer.output
    assert "0 assignments run, 1 unchanged" in answer.output
    answer = CliRunner().invoke(main, ["grade", "selftest", slug, "--seeds", "1", "--jobs", "1", "--all"])
    assert "1 assignment run, 0 unchanged" in answer.output


@pytest.mark.usefixtures("fixture_course")
def test_the_command_shows_how_many_wrong_answers_each_task_catches() -> None:
    answer = CliRunner().invoke(main, ["grade", "selftest", "counting", "--seeds", "1", "--jobs", "1"])
    (row,) = [line for line in answer.output.splitlines() if "Task 2" in line]
    assert re.findall(r"\d of \d", row) == ["1 of 1", "4 of 4"]


def test_an_unknown_assignment_is_named_with_those_there_are() -> None:
    answer = CliRunner().invoke(main, ["grade", "selftest", "nothing"])
    assert answer.exit_code == 1
    assert "There is no assignment called 'nothing'. The assignments are: " in answer.output


class TestResults:
    """What is kept, when it is used, and when it is made again."""

    @pytest.fixture(autouse=True)
    def kept(self, tmp_path: Path, counting: Path) -> None:
        self.folder, self.course = tmp_path / "kept", counting
        self.file = self.folder / "counting.json"

    def run(self, seeds: int = 1, again: bool = False) -> tuple[Report, bool]:
        settings = {"seeds": seeds, "again": again, "jobs": 1, "course_root": self.course, "folder": self.folder}
        ((report, ran),) = results(["counting"], **settings)
        return report, ran

    def stored(self) -> Report | None:
        return stored("counting", self.course, self.folder)

    def test_it_is_read_back_whole(self) -> None:
        assert self.stored() is None
        report, ran = self.run()
        assert ran
        assert self.stored() == report
        assert self.run() == (report, False)
        assert [path.name for path in self.folder.iterdir()] == ["counting.json"]

    def test_more_seeds_are_as_good_and_fewer_are_not(self) -> None:
        self.run(seeds=2)
        assert self.run(seeds=1)[1] is False
        assert self.run(seeds=2)[1] is False
        assert self.run(seeds=3)[1] is True
        assert self.stored().seeds == 3

    def test_it_runs_again_when_asked(self) -> None:
        self.run()
        assert self.run(again=True)[1] is True

    @pytest.mark.parametrize(
        "changed", ["source/counting/counting.ipynb", "source/counting/data.csv", "mutants/counting/percent.py"]
    )
    def test_a_change_to_the_assignment_makes_it_run_again(self, changed: str) -> None:
        self.run()
        path = self.course / changed
        path.write_text((path.read_text() if path.exists() else "") + "\n")
        assert self.stored() is None
        assert self.run()[1] is True

    def test_a_change_to_the_code_or_the_packages_makes_it_run_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run()
        with monkeypatch.context() as patch:
            patch.setattr("hipkit.grading.fingerprint.distributions", lambda: [])
            assert self.stored() is None
        with monkeypatch.context() as patch:
            patch.setattr("hipkit.grading.fingerprint.DATA", ())
            assert self.stored() is None
        with monkeypatch.context() as patch:
            patch.setattr("hipkit.grading.fingerprint.code_behind", lambda sources: [])
            assert self.stored() is None
        assert self.stored() is not None

    @pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "not ours", "a list"])
    def test_a_damaged_file_is_never_trusted(self, damage: str) -> None:
        self.run()
        text = self.file.read_text()
        damaged = {
            "cut": text[: len(text) // 2],
            "flipped": text.replace('"points": 2.0', '"points": 3.0', 1),
            "emptied": "",
            "not ours": json.dumps({"slug": "counting"}),
            "a list": "[]",
        }[damage]
        assert damaged != text
        self.file.write_text(damaged)
        assert self.stored() is None
        assert self.run()[1] is True
        assert self.file.read_text() == text

    def test_an_interrupted_write_leaves_the_last_result(self, monkeypatch: pytest.MonkeyPatch) -> None:
        report, _ = self.run()

        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            self.run(seeds=2)
        assert self.stored() == report
        assert [path.name for path in self.folder.iterdir()] == ["counting.json"]

    def test_what_changes_while_it_runs_does_not_pass_for_what_was_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        really_run = results_module.run

        def slow(*arguments: object) -> object:
            reports = list(really_run(*arguments))
            (self.course / "source" / "counting" / "late.csv").write_text("")
            return iter(reports)

        monkeypatch.setattr(results_module, "run", slow)
        assert self.run()[1] is True
        assert self.stored() is None
