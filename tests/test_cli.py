"""The hipkit command: every subcommand is there and explains itself, and an expected failure is one message."""

import errno
import os

import click
import pytest
from click.testing import CliRunner

from hipkit import __version__
from hipkit.cli import COMMANDS, CourseGroup, main
from hipkit.doctor import examine, wrong_packages
from hipkit.errors import KitError


def group_that_raises(error: Exception) -> click.Group:
    """A group like `main`, whose one command fails with `error`."""

    class Group(CourseGroup):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            @click.command()
            def fail() -> None:
                raise error

            return fail

    return Group(name="hipkit")


def test_help_names_every_command() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0
    for name, meaning in COMMANDS.items():
        assert name in answer.output
        assert meaning in " ".join(answer.output.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.output) > 100


def test_the_version_is_that_of_the_package() -> None:
    assert __version__ in CliRunner().invoke(main, ["--version"]).output


def test_an_unknown_command_is_refused() -> None:
    answer = CliRunner().invoke(main, ["bok"])
    assert answer.exit_code == 2
    assert "No such command 'bok'" in answer.output


def test_an_expected_failure_is_one_message_without_a_traceback() -> None:
    answer = CliRunner().invoke(group_that_raises(KitError("The sky fell. Prop it up.")), ["fail"])
    assert answer.exit_code == 1
    assert answer.stderr == "Error: The sky fell. Prop it up.\n"
    assert answer.stdout == ""


def test_a_full_disk_is_one_message() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "persons.parquet")
    answer = CliRunner().invoke(group_that_raises(full), ["fail"])
    assert answer.exit_code == 1
    assert "The disk is full while writing persons.parquet. Free some space" in answer.stderr


@pytest.mark.parametrize("bug", [ValueError("a bug"), PermissionError(errno.EACCES, "a bug")])
def test_a_bug_is_not_hidden(bug: Exception) -> None:
    answer = CliRunner().invoke(group_that_raises(bug), ["fail"])
    assert answer.exception is bug


def test_check_refuses_an_unknown_name_and_lists_the_known() -> None:
    answer = CliRunner().invoke(main, ["check", "spelling"])
    assert answer.exit_code == 1
    assert "no check called 'spelling'" in answer.stderr
    assert "front-matter, slugs" in answer.stderr


def test_doctor_finds_this_machine_fit() -> None:
    """The tests run where the course runs, so nothing needed may be missing."""
    assert [symptom for symptom in examine() if symptom.needed and not symptom.ok] == []


def test_doctor_sees_a_package_that_is_missing_and_one_that_is_not_as_locked(tmp_path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "click==0.0.1 \\\n    --hash=sha256:00\n"
        "there-is-no-such-package==1.0 \\\n    --hash=sha256:00\n"
        "not-for-this-machine==1.0 ; sys_platform == 'plan9' \\\n    --hash=sha256:00\n"
    )
    assert wrong_packages(lock) == ["click", "there-is-no-such-package"]


def test_doctor_says_what_to_do_about_a_missing_package(tmp_path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "lock.txt").write_text("there-is-no-such-package==1.0 \\\n    --hash=sha256:00\n")
    symptoms = {symptom.what: symptom for symptom in examine(tmp_path)}
    packages = symptoms["locked packages"]
    assert (packages.ok, packages.needed) == (False, True)
    assert "there-is-no-such-package" in packages.found
    assert "make clean book" in packages.remedy
    assert symptoms["patients"].remedy == "Run: hipkit data make"
    assert not symptoms["book"].ok
