"""CSV and XLSX as spreadsheet programs read and write them.

Names and ids are chosen by others. A cell that begins like a formula would be run by the spreadsheet that opens it
(OWASP ASVS 5.0, requirement 1.2.10). In CSV such a text gets an apostrophe before it, which spreadsheets take for "this
is text"; in XLSX a cell says by itself that it is text.
"""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from hipkit.errors import KitError

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
ENDINGS = (".csv", ".xlsx")

Value = str | int | float | None


def harmless(value: Value) -> Value:
    """A text that begins like a formula with an apostrophe before it; everything else as it is."""
    if isinstance(value, str) and (value.lstrip(" ").startswith(STARTS_A_FORMULA) or value.startswith("'")):
        return f"'{value}"
    return value


def write_csv(path: Path, header: list[str], rows: list[list[Value]], mark: bool = True) -> None:
    """Write a table as UTF-8; with a byte order mark, without which Excel reads Norwegian letters wrongly."""
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([harmless(value) for value in row] for row in [header, *rows])


def write_xlsx(path: Path, header: list[str], rows: list[list[Value]]) -> None:
    """Write a table as the only sheet of a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [header, *rows]:
        sheet.append([None if value == "" else value for value in row])
        for cell, value in zip(sheet[sheet.max_row], row, strict=True):
            if isinstance(value, str) and value:
                cell.data_type, cell.quotePrefix = "s", True
    sheet.freeze_panes = "A2"
    book.save(path)


def read_table(path: Path) -> list[list[str]]:
    """The rows of a CSV file, or of the first sheet of a workbook, as text; empty rows are left out.

    Raises:
        KitError: there is no such file, or it is neither CSV nor XLSX.
    """
    if path.suffix.lower() not in ENDINGS:
        raise KitError(f"{path} is neither CSV nor XLSX. Save it as one of them.")
    try:
        rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except FileNotFoundError as error:
        raise KitError(f"There is no file {path}.") from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise KitError(f"{path} cannot be read as a table ({error}). Save it again as CSV in UTF-8.") from error
    return [row for row in rows if any(row)]


def _csv(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    # Where the comma is the decimal sign, as in Norway, spreadsheets and Canvas write semicolons between the columns.
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    return [
        [_unguarded(value.strip()).strip() for value in row]
        for row in csv.reader(io.StringIO(text), delimiter=separator)
    ]


def _unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and harmless(value[1:]) != value[1:] else value


def _xlsx(path: Path) -> list[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    return [["" if value is None else str(value).strip() for value in row] for row in rows]
