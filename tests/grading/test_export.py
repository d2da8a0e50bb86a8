"""Grades arrive in Canvas and in spreadsheets as they are in the gradebook, and nowhere else."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import export as export_module
from hipkit.grading.classbook import Student, open_gradebook
from hipkit.grading.export import HEADER, export_canvas, export_table
from hipkit.grading.roster import enter

HALF = {"share": "def share_above(values, limit):\n    return count_above(values, limit) / len(values)"}
# What a teacher downloads; the assignment's worth is that of tests/grading/fixtures: 9 points.
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Other (70),Counting (77),Current Score,Final Score
,,,,,,,Manual Posting,,
    Points Possible,,,,,(read only),10.00,9.00,(read only),(read only)
"Vipe, Eva",1001,s1,eva,Autumn,,3.00,,30,30
"Havørn, Kari",1002,s2,kari.h@usn.example.test,Autumn,,4.00,1.00,40,40
"=HYPERLINK(""x""), Ola",1003,s3,@ola,Autumn,,,,0,0
"Linerle, Per",1004,s4,per,Autumn,,,EX,0,0
"Student, Test",1999,,abc,Autumn,,,,0,0
"""


@dataclass
class Import:
    """What Canvas would make of a file, by the rules of its importer; written for the test, from Canvas's own code."""

    grades: dict[
        int, dict[int | str, str]
    ]  # Canvas's id of a student -> its id of an assignment, or a new title -> grade
    points: dict[int | str, float]


def canvas_reads(path: Path, students: set[int], assignments: set[int]) -> Import:
    text = path.read_text(encoding="utf-8")
    assert not text.startswith("\ufeff")  # "LastName" is looked for at the very beginning
    rows = list(csv.reader(text.splitlines()))
    header = rows[0]
    assert len(header) > 3 and "Student" in header[0] and "ID" in header[1]
    columns = 3
    if re.match(r"SIS\s+Login\s+ID", header[2]):
        columns = 4
    elif re.match(r"SIS\s+User\s+ID", header[2]) and re.match(r"SIS\s+Login\s+ID", header[3]):
        columns = 5
    assert "Section" in header[columns - 1]
    places: dict[int | str, int] = {}
    for place, heading in enumerate(header[columns:], start=columns):
        found = re.fullmatch(r"(.+)\s\((\d+)\)", heading)
        known = int(found[2]) if found and int(found[2]) in assignments else heading
        places[known] = place
    result = Import({}, {})
    for row in rows[1:]:
        assert len(row) == len(header)
        if "Points Possible" in row[0]:
            result.points = {name: float(row[place]) for name, place in places.items() if row[place]}
        else:
            assert int(row[1]) in students, "Canvas would ask who this is"
            result.grades[int(row[1])] = {name: row[place] for name, place in places.items()}
    return result


@pytest.fixture(scope="module")
def course(make_class: Callable[..., Path]) -> Path:
    """Four who have handed in, of whom one waits to be read, and one who has not."""
    root = make_class({"eva": {}, "havørnkari": HALF, "ola": {}, "per": {}})
    enter([Student("ola", "Ola", '=HYPERLINK("x")', "", "1003"), Student("liv", "Liv", "Sandlo")], root)
    with open_gradebook(root) as gradebook:
        for points, student in ((4, "eva"), (2, "havørnkari"), (1 / 3, "ola")):
            grade = gradebook.find_grade("reflection", "counting", "counting", student)
            grade.manual_score, grade.needs_manual_grade = points, False
        notebook = gradebook.find_submission_notebook("counting", "counting", "havørnkari")
        notebook.late_submission_penalty = 1.5
        gradebook.db.commit()
    return root


@pytest.fixture
def downloaded(tmp_path: Path) -> Path:
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS, encoding="utf-8")
    return path


def test_canvas_reads_the_grades_of_those_who_have_one(course: Path, downloaded: Path, tmp_path: Path) -> None:
    done = export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)
    read = canvas_reads(tmp_path / "out.csv", {1001, 1002, 1003, 1004}, {70, 77})
    assert read.grades == {1001: {77: "9.00"}, 1002: {77: "4.50"}, 1003: {77: "5.33"}}
    assert read.points == {77: 9}
    assert done.columns == {"counting": "Counting (77)"}
    assert (done.new, done.written, done.unmatched) == ([], 3, [])
    assert [one.id for one in done.waiting["counting"]] == ["per"]


def test_the_file_has_canvas_s_columns_and_no_formula(course: Path, downloaded: Path, tmp_path: Path) -> None:
    export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)
    rows = list(csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Counting (77)"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "9.00"]
    assert ['\'=HYPERLINK("x"), Ola', "1003", "s3", "'@ola", "Autumn", "5.33"] in rows
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_an_assignment_that_canvas_does_not_have_is_new(course: Path, downloaded: Path, tmp_path: Path) -> None:
    downloaded.write_text(CANVAS.replace("Counting (77)", "Counts (77)"), encoding="utf-8")
    done = export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)
    assert done.new == ["counting"]
    read = canvas_reads(tmp_path / "out.csv", {1001, 1002, 1003}, {70, 77})
    assert read.grades[1001] == {"counting": "9.00"}
    assert read.points == {"counting": 9}


def test_where_canvas_writes_commas_points_are_read_too(course: Path, downloaded: Path, tmp_path: Path) -> None:
    text = CANVAS.replace('"Havørn, Kari"', "Havørn. Kari").replace(",", ";").replace("9.00", "9,00")
    downloaded.write_text(
        text.replace("Havørn. Kari", '"Havørn, Kari"').replace("Vipe; Eva", "Vipe, Eva"), encoding="utf-8"
    )
    done = export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)
    assert done.written == 3


def test_two_assignments_leave_the_grades_that_canvas_has(
    course: Path, downloaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second assignment in which only Eva has a grade: Kari's stays what Canvas has.
    graded = export_module.graded
    monkeypatch.setattr(
        export_module,
        "graded",
        lambda book, slug: graded(book, "counting") if slug == "counting" else graded(book, "counting")[:1],
    )
    monkeypatch.setattr(export_module, "points_of", lambda book, slug: 9.0 if slug == "counting" else 10.0)
    export_canvas(["counting", "other"], downloaded, tmp_path / "out.csv", course)
    read = canvas_reads(tmp_path / "out.csv", {1001, 1002, 1003}, {70, 77})
    assert read.grades[1001] == {77: "9.00", 70: "9.00"}
    assert read.grades[1002] == {77: "4.50", 70: "4.00"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("10.00,9.00", "10.00,100.00", "has 100.00 points in Canvas and 9 here"),
        ("10.00,9.00", "10.00,(read only)", "lets nobody write"),
        ("Other (70)", "counting (70)", "several assignments of one name"),
        ("Student,ID", "Name,Number", "is not a gradebook of Canvas"),
    ],
)
def test_what_would_go_wrong_in_canvas_is_refused(
    course: Path, downloaded: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    downloaded.write_text(CANVAS.replace(old, new), encoding="utf-8")
    with pytest.raises(KitError, match=says):
        export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)
    assert not (tmp_path / "out.csv").exists()


def test_who_is_not_sure_is_left_out(course: Path, downloaded: Path, tmp_path: Path) -> None:
    # Two of Kari's name, and no login that tells which.
    downloaded.write_text(CANVAS + '"Havørn, Kari",1009,s9,other,Spring,,,,0,0\n', encoding="utf-8")
    done = export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)
    assert [one.id for one in done.unmatched] == ["havørnkari"]
    assert canvas_reads(tmp_path / "out.csv", {1001, 1003}, {77}).grades.keys() == {1001, 1003}


def test_two_of_ours_are_never_one_in_canvas(course: Path, downloaded: Path, tmp_path: Path) -> None:
    downloaded.write_text(
        CANVAS.replace("1003,s3,@ola", "1003,s3,eva").replace("1001,s1,eva", "1001,s1,"), encoding="utf-8"
    )
    with pytest.raises(KitError, match="one and the same student in Canvas: eva, ola"):
        export_canvas(["counting"], downloaded, tmp_path / "out.csv", course)


def test_a_table_for_spreadsheets(course: Path, tmp_path: Path) -> None:
    export_table(["counting"], tmp_path / "out.csv", course)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["eva", "havørnkari", "liv", "ola", "per"]
    assert rows["havørnkari"] | {"score": "4.5", "max_score": "9.0", "late_penalty": "1.5"} == rows["havørnkari"]
    assert rows["per"] | {"score": "5.0", "to_be_read": "yes", "handed_in": "yes"} == rows["per"]
    assert rows["liv"] | {"score": "", "handed_in": "no"} == rows["liv"]
    assert rows["ola"]["last_name"] == '\'=HYPERLINK("x")'
    export_table(["counting"], tmp_path / "out.xlsx", course)
    sheet = [list(row) for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)]
    assert sheet[0] == HEADER
    assert sheet[4][:4] == ["counting", "ola", '=HYPERLINK("x")', "Ola"]
    assert sheet[2][6:8] == [4.5, 9]


def test_an_assignment_that_nobody_graded_is_named(course: Path, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"no assignment 'sums'\. It has: counting"):
        export_table(["sums"], tmp_path / "out.csv", course)


def test_the_command(course: Path, downloaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module.export_canvas, "__defaults__", (course,))
    monkeypatch.setattr(export_module.export_table, "__defaults__", (course,))
    out = str(tmp_path / "out.csv")
    without = CliRunner().invoke(main, ["grade", "export", "counting", "--format", "canvas", "--out", out])
    assert without.exit_code == 1
    assert "Download the gradebook from Canvas" in without.output
    arguments = ["grade", "export", "counting", "--format", "canvas", "--canvas", str(downloaded), "--out", out]
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 0, answer.output
    assert "counting: goes into the column 'Counting (77)'" in answer.output
    assert "read a text: per" in answer.output
    assert "Students with a grade: 3" in answer.output
    table = CliRunner().invoke(main, ["grade", "export", "counting", "--format", "xlsx", "--out", f"{out}.xlsx"])
    assert table.exit_code == 0, table.output
    assert Path(f"{out}.xlsx").is_file()
