"""A class list goes into the gradebook whole or not at all, from each of its sources."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import classbook
from hipkit.grading import roster as roster_module
from hipkit.grading.classbook import Student, open_gradebook, students
from hipkit.grading.roster import enter, read_roster

FIXTURES = Path(__file__).parent / "fixtures"
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Differential privacy (77),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,24.00,(read only)
"Rødstrupe, Hanna Marie",1001,s1,123456@usn.example.test,Autumn,,
"O'Neil-Vipe, Mons",1002,s2,mons,"Autumn, Spring",5.00,
"Student, Test",1003,,abc,Autumn,,
"""
SPLIT = """\
LastName;FirstName;ID;SIS Login ID;Section;Differential privacy (77)
Points Possible;;;;;24,00
Rødstrupe;Hanna Marie;1001;hanna;Autumn;
"""
PEOPLE = """\
Name,Login ID,SIS ID,Section,Role,Last Activity
Hanna Marie Rødstrupe,hanna@usn.example.test,s1,Autumn,Student,Nov 20
Lars Lærer,lars,t1,Autumn,Teacher,Nov 20
"""
PLAIN = "id,first_name,last_name,email\nkari,Kari,Havørn,kari@example.test\nola,Ola,,\n"
HANNA = Student("rødstrupehannamarie", "Hanna Marie", "Rødstrupe", "123456@usn.example.test", "1001")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def empty(make_course: Callable[[Path, str], Path]) -> Path:
    """A gradebook with nothing in it; nbgrader takes seconds to make one."""
    root = make_course(FIXTURES, "counting")
    with open_gradebook(root, create=True):
        return root / "gradebook.db"


@pytest.fixture
def course(empty: Path, tmp_path: Path) -> Path:
    """A course in which nobody is."""
    shutil.copy(empty, tmp_path)
    return tmp_path


def everybody(course: Path) -> list[Student]:
    with open_gradebook(course) as gradebook:
        return students(gradebook)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CANVAS, [HANNA, Student("oneilvipemons", "Mons", "O'Neil-Vipe", "", "1002")]),
        (SPLIT, [Student("rødstrupehannamarie", "Hanna Marie", "Rødstrupe", "", "1001")]),
        (PEOPLE, [Student("rødstrupehannamarie", "Hanna Marie", "Rødstrupe", "hanna@usn.example.test")]),
        (PLAIN, [Student("kari", "Kari", "Havørn", "kari@example.test"), Student("ola", "Ola")]),
        ("email,id\n,0123\n", [Student("0123")]),
    ],
)
def test_each_source_is_read(tmp_path: Path, text: str, found: list[Student]) -> None:
    assert read_roster(write(tmp_path / "class.csv", text)) == found


def test_a_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "first_name", "last_name", "email"], [123456, "Kari", "Havørn", None]):
        book.active.append(row)
    book.save(tmp_path / "class.xlsx")
    assert read_roster(tmp_path / "class.xlsx") == [Student("123456", "Kari", "Havørn")]


def test_what_has_changed_is_told(course: Path, tmp_path: Path) -> None:
    first = enter(read_roster(write(tmp_path / "class.csv", PLAIN)), course)
    assert ([one.id for one in first.added], first.changed, first.unchanged, first.unknown) == (
        ["kari", "ola"],
        [],
        0,
        [],
    )
    text = "id,first_name,last_name,email\nkari,Kari,Havørn,\nola,Ola,Vipe,\nper,Per,,\n"
    with open_gradebook(course) as gradebook:
        gradebook.add_student("stranger")
    second = enter(read_roster(write(tmp_path / "class.csv", text)), course)
    assert [one.id for one in second.added] == ["per"]
    assert second.changed == [Student("ola", "Ola", "Vipe")]
    assert second.unchanged == 1
    assert [one.id for one in second.unknown] == ["stranger"]
    # What the list leaves empty stays.
    assert everybody(course)[0] == Student("kari", "Kari", "Havørn", "kari@example.test")
    third = enter(read_roster(tmp_path / "class.csv"), course)
    assert (third.added, third.changed, third.unchanged) == ([], [], 3)


def test_grades_stay_when_a_list_is_entered_again(make_class: Callable[..., Path], tmp_path: Path) -> None:
    course = make_class({"kari": {}})
    enter(read_roster(write(tmp_path / "class.csv", PLAIN)), course)
    with open_gradebook(course) as gradebook:
        (one,) = classbook.graded(gradebook, "counting")
    assert (one.student.last_name, one.grades["count-test"].given) == ("Havørn", 2)


@pytest.mark.parametrize("bad", ["kari_h", "../kari", "=kari", "-kari", "", "kari havørn", "k" * 65, ".kari", "kari+1"])
def test_bad_ids_are_refused_in_one_message(tmp_path: Path, bad: str) -> None:
    text = f"id,first_name\nkari,Kari\n{bad},Ola\nb_b,Per\n"
    with pytest.raises(KitError, match="cannot be used") as raised:
        read_roster(write(tmp_path / "class.csv", text))
    assert "b_b" in str(raised.value) and "(Ola)" in str(raised.value)


def test_two_students_of_one_name_in_canvas_are_refused(tmp_path: Path) -> None:
    twice = CANVAS + '"Vipe, ONeil Mons",1009,s9,x,Autumn,,\n"Oneilvipe, Mons",1010,s10,y,Autumn,,\n'
    with pytest.raises(KitError, match="more than one student has the id oneilvipemons"):
        read_roster(write(tmp_path / "class.csv", twice))


@pytest.mark.parametrize(
    ("text", "says"),
    [("name,grade\nKari,5\n", "none of the known headings"), ("id\n", "names no student"), ("", "headings")],
)
def test_what_is_no_class_list_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(KitError, match=says):
        read_roster(write(tmp_path / "class.csv", text))


def test_a_gradebook_in_use_is_left_as_it_was(course: Path) -> None:
    enter([Student("eva")], course)
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(KitError, match="Another program is writing"):
            enter([Student("kari"), Student("eva", "Eva")], course)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert everybody(course) == [Student("eva")]


def test_a_list_that_fails_halfway_leaves_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter([Student("eva")], course)

    def fail(one: Student) -> dict[str, str]:
        if one.id == "per":
            raise RuntimeError("halfway")
        return {"first_name": one.first_name}

    monkeypatch.setattr(roster_module, "_columns", fail)
    with pytest.raises(RuntimeError):
        enter([Student("eva", "Eva"), Student("kari"), Student("per")], course)
    assert everybody(course) == [Student("eva")]


def test_the_command_says_what_it_has_done(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_module.enter, "__defaults__", (course,))
    path = str(write(tmp_path / "class.csv", PLAIN))
    answer = CliRunner().invoke(main, ["grade", "roster", path])
    assert answer.exit_code == 0, answer.output
    assert "Added: 2: kari (Kari Havørn), ola (Ola)" in answer.output
    again = CliRunner().invoke(main, ["grade", "roster", path])
    assert "Added: 0\nChanged: 0\nUnchanged: 2\n" in again.output
    Path(path).write_text(PLAIN + "per,Per,,\neva_x,Eva,,\n", encoding="utf-8")
    bad = CliRunner().invoke(main, ["grade", "roster", path])
    assert bad.exit_code == 1
    assert "'eva_x' (Eva)" in bad.output
    assert [one.id for one in everybody(course)] == ["kari", "ola"]
    missing = CliRunner().invoke(main, ["grade", "roster", str(tmp_path / "gone.csv")])
    assert missing.exit_code == 1
    assert "There is no file" in missing.output
