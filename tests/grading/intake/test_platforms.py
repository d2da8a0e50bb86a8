"""Whose a file is, from the names that learning platforms make; and which student of the gradebook that is."""

from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from hipkit.grading.intake.findings import Refused
from hipkit.grading.intake.platforms import Owner, Place, sort_out
from hipkit.grading.intake.roster import Student, identify, read_roster

SLUG = "counting"


def place(name: str, container: str = "class.zip") -> Place | None:
    return sort_out([name, "other_1_2_x.ipynb"], container, SLUG)[name]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("nordmannola_101_9001_counting.ipynb", Place(Owner("Canvas", "nordmannola", "101"), "counting.ipynb", 9001)),
        (
            "østbyåse_LATE_101_9001_counting-1.ipynb",
            Place(Owner("Canvas", "østbyåse", "101"), "counting-1.ipynb", 9001, late=True),
        ),
        ("vanderberg_7_8_my_9_10_x.ipynb", Place(Owner("Canvas", "vanderberg", "7"), "my_9_10_x.ipynb", 8)),
        ("anon_a1B2c_9001_x.ipynb", Place(Owner("Canvas", "anonymous", "a1B2c"), "x.ipynb", 9001)),
        ("LATE_anon_12345_9001_x.ipynb", Place(Owner("Canvas", "anonymous", "12345"), "x.ipynb", 9001, late=True)),
        (
            "Kari Nordmann_552_assignsubmission_file_/counting.ipynb",
            Place(Owner("Moodle", "Kari Nordmann", "552"), "counting.ipynb"),
        ),
        (
            "Kari Nordmann_552_assignsubmission_file/data/x.csv",
            Place(Owner("Moodle", "Kari Nordmann", "552"), "data/x.csv"),
        ),
        (
            "Kari Nordmann_552_assignsubmission_file_counting.ipynb",
            Place(Owner("Moodle", "Kari Nordmann", "552"), "counting.ipynb"),
        ),
        (
            "Oblig 1_kari01_attempt_2026-07-01-15-00-00_counting.ipynb",
            Place(Owner("Blackboard", "kari01", ""), "counting.ipynb", time=datetime(2026, 7, 1, 13)),
        ),
        (
            "Oblig 1_kari01_attempt_2026-12-01-15-00-00_counting.ipynb",
            Place(Owner("Blackboard", "kari01", ""), "counting.ipynb", time=datetime(2026, 12, 1, 14)),
        ),
        (
            "kari+counting+2026-11-23 12:30:00.123456 UTC+Zm9v/counting.ipynb",
            Place(Owner("nbgrader", "kari", ""), "counting.ipynb", time=datetime(2026, 11, 23, 12, 30, 0, 123456)),
        ),
        ("kari_counting.ipynb", Place(Owner("name", "kari", ""), "counting.ipynb")),
        ("kari_late_counting (1).ipynb", Place(Owner("name", "kari", ""), "counting (1).ipynb")),
        ("kari/counting.ipynb", Place(Owner("name", "kari", ""), "counting.ipynb")),
        ("10023/oppgave 1/x.ipynb", Place(Owner("name", "10023", ""), "oppgave 1/x.ipynb")),
        ("counting.ipynb", None),
        ("my_notes.ipynb", None),
        ("README.md", None),
    ],
)
def test_a_name_says_whose_it_is(name: str, found: Place | None) -> None:
    assert place(name) == found


def owners(names: list[str], container: str) -> set[str | None]:
    return {found.owner.name if found else None for found in sort_out(names, container, SLUG).values()}


@pytest.mark.parametrize(
    ("names", "container", "whose"),
    [
        # One student's archive or folder is named after the student.
        (["counting.ipynb", "data/x.csv"], "kari.zip", {"kari"}),
        (["counting.ipynb"], "Kari Nordmann_552_assignsubmission_file_", {"Kari Nordmann"}),
        (["a_1_2_counting.ipynb", "x/y.csv"], "nordmannola_101_9001_work.zip", {"nordmannola"}),
        # A folder around everything is nobody's.
        (["submissions/kari/x.ipynb", "submissions/ola/x.ipynb"], "class.zip", {"kari", "ola"}),
        (["class/kari/x.ipynb"], "class.zip", {"kari"}),
        (["all/ab_1_2_x.ipynb"], "class.zip", {"ab"}),
        (["kari/src/x.ipynb"], "class.zip", {"kari"}),
        (["kari/x.ipynb", "kari/src/y.csv"], "class.zip", {"kari"}),
        # What nobody signed.
        (["counting.ipynb", "kari/counting.ipynb", "ab_1_2_x.ipynb"], "class.zip", {None, "kari", "ab"}),
        (["report.pdf"], "class.zip", {None}),
        (["counting.ipynb"], "", {None}),
    ],
)
def test_what_stands_around_says_whose_it_is(names: list[str], container: str, whose: set[str | None]) -> None:
    assert owners(names, container) == whose


ROSTER = [
    Student("ola", "Ola", "Nordmann", "101"),
    Student("kari@usn", "Kari", "Nordmann", ""),
    Student("per1", "Per", "Berg", ""),
    Student("per2", "Per", "Berg", ""),
    Student("555", "Liv", "Sandlo", ""),
]


@pytest.mark.parametrize(
    ("owner", "student"),
    [
        (Owner("Canvas", "somethingelse", "101"), "ola"),
        (Owner("Canvas", "nordmannkari", "9"), "kari@usn"),
        (Owner("Moodle", "Kari  Nordmann", "77"), "kari@usn"),
        (Owner("name", "per2", ""), "per2"),
        (Owner("Canvas", "x", "555"), "555"),
        (Owner("Canvas", "bergper", "8"), "bergper-8"),
        (Owner("Moodle", "Åse A\u030akre", "8"), "Åse-Åkre"),
        (Owner("name", "../../etc", ""), "etc"),
        (Owner("name", "a/b;c*[d]", ""), "a-b-c-d"),
        (Owner("Canvas", "anonymous", "a1B"), "anonymous-a1B"),
    ],
)
def test_a_platforms_student_is_found_in_the_gradebook_or_gets_a_safe_name(owner: Owner, student: str) -> None:
    assert identify([owner], ROSTER) == {owner: student}


@pytest.mark.parametrize("name", ["", "...", "///", "__"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    (refused,) = identify([Owner("name", name, "")], []).values()
    assert isinstance(refused, Refused)


def test_two_persons_of_one_name_are_never_taken_for_one() -> None:
    two = [Owner("Moodle", "Kari Nordmann", "1"), Owner("Moodle", "Kari Nordmann", "2")]
    found = identify([*two, Owner("Canvas", "nordmannkari", "3")], ROSTER)
    assert [isinstance(found[one], Refused) for one in two] == [True, True]
    assert "--lms-user-id" in found[two[0]].teacher
    assert found[Owner("Canvas", "nordmannkari", "3")] == "kari@usn"  # the same person on another platform


def test_the_roster_is_the_gradebook(counting: Path) -> None:
    assert read_roster(counting) == []
    assert not (counting / "gradebook.db").exists()
    with Gradebook(f"sqlite:///{counting}/gradebook.db") as gradebook:
        gradebook.add_student("ola", first_name="Ola", last_name="Nordmann", lms_user_id="101")
        gradebook.add_student("kari")
    assert read_roster(counting) == [Student("kari", "", "", ""), Student("ola", "Ola", "Nordmann", "101")]
