"""`hipkit grade run` and `regrade` as a teacher types them."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from handed_in import answered, hand_in, hand_in_class, solutions

from hipkit import paths
from hipkit.cli import main
from hipkit.grading import batch, release
from hipkit.grading.intake import collecting

SLUG = "counting"


@pytest.fixture
def course(counting: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny course in the place of the course's own folder."""
    monkeypatch.setattr(paths, "ASSIGNMENTS", counting)
    for function in (release.slugs, release.student_copy, collecting.collect):
        kept = tuple(counting if one == release.ASSIGNMENTS else one for one in function.__defaults__)
        monkeypatch.setattr(function, "__defaults__", kept)
    for function in (batch.run, batch.regrade):
        kept = tuple(counting if one == release.ASSIGNMENTS else one for one in function.__defaults__)
        monkeypatch.setattr(function, "__defaults__", kept)
    return counting


def typed(*words: str, says: str = "") -> Result:
    return CliRunner().invoke(main, ["grade", *words], input=says, env={"COLUMNS": "200"})


def test_nobody_has_handed_in(course: Path) -> None:
    answer = typed("run")
    assert answer.exit_code == 1 and "hipkit grade collect" in answer.output


def test_what_was_downloaded_is_collected_and_graded(course: Path) -> None:
    right = hand_in(course, SLUG, "kari", answered(course, SLUG, solutions(course, SLUG)))
    archive = course / "downloaded" / SLUG / "archive"
    archive.mkdir(parents=True)
    shutil.copy(right, archive / f"ola_{SLUG}.ipynb")
    (archive / f"[bold]lise_{SLUG}.ipynb").write_text("{ no notebook")
    answer = typed("run", "--jobs", "2")
    assert f"{SLUG}: 2 graded, 0 unchanged" in answer.output, answer.output
    assert (course / "feedback" / "ola" / SLUG / f"{SLUG}.html").is_file()
    answer = typed("run", "--jobs", "2")
    assert "0 graded, 2 unchanged" in answer.output


def test_what_could_not_be_graded_is_listed_and_the_command_fails(course: Path) -> None:
    hand_in_class(course, SLUG, 2)
    (course / "submitted" / "student001" / SLUG / f"{SLUG}.ipynb").write_text("{ no notebook")
    answer = typed("run", "--jobs", "2")
    assert answer.exit_code == 1 and "1 submission could not be graded" in answer.output
    assert "student001" in answer.output and "What the student reads" in answer.output


def test_without_a_sandbox_it_says_what_is_at_stake(course: Path) -> None:
    hand_in_class(course, SLUG, 1)
    answer = typed("run", SLUG, "--no-sandbox")
    assert answer.exit_code == 0 and "students' code runs as you" in answer.output


def test_a_regrade_asks_before_it_writes(course: Path) -> None:
    hand_in_class(course, SLUG, 1)
    typed("run", SLUG)
    source = course / "source" / SLUG / f"{SLUG}.ipynb"
    source.write_text(source.read_text().replace("count_above([1, 2, 3], 1) == 2", "count_above([1, 2, 3], 1) == 3"))
    answer = typed("run", SLUG)
    assert "1 were graded with an earlier version" in answer.output and "hipkit grade regrade" in answer.output
    answer = typed("regrade", SLUG, says="n\n")
    assert re.search(r"student000 .* 5 .* 3 .* -2 .* count-test 2 to 0", answer.output), answer.output
    assert "1 of an earlier version" in answer.output
    assert "1 up to date" in typed("regrade", SLUG, "--yes").output
