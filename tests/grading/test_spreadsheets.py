"""Tables are read as spreadsheets write them, and nothing in them becomes a formula."""

import csv
from pathlib import Path

import openpyxl
import pytest

from hipkit.errors import KitError
from hipkit.grading.spreadsheets import read_table, write_csv, write_xlsx

EVIL = ["=1+1", "+47", "-2+3", "@SUM(A1)", "\t=1+1", "  =1+1", "＝1+1", '=HYPERLINK("http://example.test/")']
GOOD = ["Kari", "", "a=b", "O'Neil", "Åse-Marie", "12"]


def test_text_that_begins_like_a_formula_is_text_in_csv(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["=name"], [[text] for text in [*EVIL, *GOOD]])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] if row else "" for row in csv.reader(file)]
    assert cells == ["'=name", *(f"'{text}" for text in EVIL), *GOOD]


def test_what_is_guarded_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["name", "n"], [[text, 1] for text in [*EVIL, *GOOD, "'quoted"]])
    assert [row[0] for row in read_table(tmp_path / "a.csv")[1:]] == [
        text.strip() for text in [*EVIL, *GOOD, "'quoted"]
    ]


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["n"], [[-1.5], [None]])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").split() == ["n", "-1.5", '""']
    write_xlsx(tmp_path / "a.xlsx", ["n", "x"], [[-1.5, None]])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"].value == -1.5


def test_text_is_text_in_a_workbook(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", ["name"], [[text] for text in [*EVIL, *GOOD]])
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=2)]
    assert [cell.value or "" for cell in cells] == [*EVIL, *GOOD]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert {bool(cell.quotePrefix) for cell in cells if cell.value} == {True}
    assert [row[0] for row in read_table(tmp_path / "a.xlsx")[1:]] == [text.strip() for text in [*EVIL, *GOOD] if text]


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    (tmp_path / "a.csv").write_text(f'\ufeffid{separator}name\n1{separator}"Å, {separator}B"\n\n', encoding="utf-8")
    assert read_table(tmp_path / "a.csv") == [["id", "name"], ["1", f"Å, {separator}B"]]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"id\n", "neither CSV nor XLSX"),
        ("a.xlsx", b"not a workbook", "cannot be read as a table"),
        ("a.csv", "id,name\n1,Å\n".encode("cp1252"), "Save it again as CSV in UTF-8"),
        ("gone.csv", None, "There is no file"),
    ],
)
def test_what_is_no_table_is_one_message(tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(KitError, match=says):
        read_table(tmp_path / name)
