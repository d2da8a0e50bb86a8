"""A submission's folder may hold anything: what can be graded comes out whole, everything else gets a clear word."""

import json
import os
import socket
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from hipkit.grading.intake import Examined, Refused, examine, submission

SLUG = "counting"
NAME = f"{SLUG}.ipynb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "submitted" / "astrid" / SLUG
    place.mkdir(parents=True)
    return place


def notebook(source: str = "answer = 1", **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": [source], "outputs": [], "execution_count": None}
    if metadata:
        cell["metadata"] = {"nbgrader": metadata}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}


TEST_CELL = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "grade_id": "t", "points": 2}


def hand_in(folder: Path, content: object = None, name: str = NAME) -> Path:
    data = json.dumps(notebook() if content is None else content) if not isinstance(content, bytes | str) else content
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def said(examined: Examined) -> str:
    return "\n".join(f"{one.teacher}\n{one.student}" for one in examined.findings)


def refusal(folder: Path) -> str:
    """What the teacher and the student are told; it must be one sentence for the teacher, and it must be showable."""
    with pytest.raises(Refused) as raised:
        examine(folder, SLUG)
    told = f"{raised.value.teacher}\n{raised.value.student}"
    assert raised.value.teacher.endswith(".") and raised.value.student.endswith(".")
    assert all(one.isprintable() or one == "\n" for one in told), told
    assert len(told) < 900
    return told


def test_a_sound_submission_comes_back_byte_for_byte(folder: Path) -> None:
    path = hand_in(folder, notebook(**TEST_CELL))
    hand_in(folder, b"1,2\n", "data/values.csv")
    examined = examine(folder, SLUG)
    assert examined.notebook == path.read_bytes()
    assert examined.files == {"data/values.csv": b"1,2\n"}
    assert examined.findings == []
    assert examined.submitted is None


def test_outputs_are_left_out_whatever_they_are(folder: Path) -> None:
    content = notebook(**TEST_CELL)
    content["cells"][0] |= {"outputs": [{"output_type": "no such thing"}] * 50_000, "execution_count": "seven"}
    hand_in(folder, content)
    started = time.process_time()
    examined = examine(folder, SLUG)
    assert time.process_time() - started < 10  # nbformat alone takes minutes to say what is wrong with them
    assert examined.findings == []
    assert json.loads(examined.notebook)["cells"][0] | {"source": ["answer = 1"]} == notebook(**TEST_CELL)["cells"][0]


def test_looking_writes_nothing_and_finds_the_same_again(folder: Path) -> None:
    hand_in(folder, {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": notebook()["cells"]}, "other.ipynb")
    before = sorted(folder.parent.parent.rglob("*"))
    first = examine(folder, SLUG)
    assert first == examine(folder, SLUG)
    assert sorted(folder.parent.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-23 12:30:00 UTC", datetime(2026, 11, 23, 12, 30)),
        ("2026-11-23 12:30:00.250000 +0100", datetime(2026, 11, 23, 11, 30, 0, 250000)),
        ("2026-07-01 12:30:00 Europe/Oslo", datetime(2026, 7, 1, 10, 30)),
        ("2026-11-23T12:30:00", datetime(2026, 11, 23, 12, 30)),
    ],
)
def test_the_time_of_submission_is_read_in_utc(folder: Path, written: str, read: datetime) -> None:
    hand_in(folder)
    hand_in(folder, f"{written}\n", "timestamp.txt")
    examined = examine(folder, SLUG)
    assert examined.submitted == read
    assert examined.files == {}
    assert examined.findings == []


@pytest.mark.parametrize("written", ["yesterday", "", "2026-11-23 12:30:00 /dev/zero", "9" * 90, "2026-13-45 99:99:99"])
def test_a_time_that_is_none_is_told_to_the_teacher(folder: Path, written: str) -> None:
    hand_in(folder)
    hand_in(folder, written, "timestamp.txt")
    examined = examine(folder, SLUG)
    assert examined.submitted is None
    assert [one.teacher.partition(" ")[0] for one in examined.findings] == ["timestamp.txt"]


@pytest.mark.parametrize(
    "name", ["Counting.ipynb", "counting-answers.ipynb", "my homework.ipynb", "deep/er/x.ipynb", "counting.ipynb.txt"]
)
def test_the_only_notebook_is_taken_whatever_it_is_called(folder: Path, name: str) -> None:
    path = hand_in(folder, name=name)
    examined = examine(folder, SLUG)
    assert examined.notebook == path.read_bytes()
    assert "was taken for counting.ipynb" in said(examined)
    assert examined.files == {}


@pytest.mark.parametrize("name", ["counting-1.ipynb", "counting (2).ipynb", "counting_final.ipynb"])
def test_what_browsers_and_platforms_add_to_a_name_is_not_worth_a_word(folder: Path, name: str) -> None:
    hand_in(folder, name=name)
    assert examine(folder, SLUG).findings == []


def test_the_right_name_wins_and_the_rest_is_named(folder: Path) -> None:
    hand_in(folder, notebook("right"))
    hand_in(folder, notebook("wrong"), "counting-1.ipynb")
    examined = examine(folder, SLUG)
    assert b"right" in examined.notebook
    assert "'counting-1.ipynb' was left out: only one notebook is graded" in said(examined)


@pytest.mark.parametrize("near", ["counting (2).ipynb", "Counting_final.ipynb", "couting.ipynb", "counting-kopi.ipynb"])
def test_of_several_the_near_name_wins(folder: Path, near: str) -> None:
    hand_in(folder, notebook("right"), near)
    hand_in(folder, notebook("wrong"), "scratch.ipynb")
    assert b"right" in examine(folder, SLUG).notebook


@pytest.mark.parametrize("names", [["a.ipynb", "b.ipynb"], ["counting (1).ipynb", "counting (2).ipynb"]])
def test_of_several_equals_none_is_guessed(folder: Path, names: list[str]) -> None:
    for name in names:
        hand_in(folder, name=name)
    told = refusal(folder)
    assert all(name in told for name in names)
    assert "Hand in one, called counting.ipynb." in told


def test_what_programs_leave_behind_is_no_submission(folder: Path) -> None:
    hand_in(folder, notebook("right"), "x.ipynb")
    hand_in(folder, notebook("wrong"), ".ipynb_checkpoints/x-checkpoint.ipynb")
    hand_in(folder, b"\0\5\x16\7", "__MACOSX/._x.ipynb")
    examined = examine(folder, SLUG)
    assert b"right" in examined.notebook
    assert len(examined.findings) == 1


@pytest.mark.parametrize(("name", "shown"), [("counting.html", "'counting.html'"), (None, "no file")])
def test_a_missing_notebook_is_refused_with_what_is_there(folder: Path, name: str | None, shown: str) -> None:
    if name:
        hand_in(folder, b"<html>", name)
    assert f"You handed in {shown} and no notebook." in refusal(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "is not whole: it stops being JSON at line 1, column 2"),
        (json.dumps(notebook())[:-9], "is not whole"),
        (json.dumps(notebook("blåbær"), ensure_ascii=False).encode("latin-1"), "is not in UTF-8"),
        (json.dumps(notebook()).encode("utf-16"), "is not in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "is not in UTF-8"),
        ([1, 2], "no notebook"),
        ({"cells": []}, "no notebook"),
        (notebook() | {"nbformat": True}, "no notebook"),
        (notebook() | {"nbformat": 5}, "version 5"),
        (notebook() | {"nbformat": 10**20}, "version 100000000000000000000"),
        (notebook() | {"nbformat_minor": "5"}, "no notebook"),
        (notebook() | {"cells": {}}, "no list of cells"),
        (notebook() | {"cells": [[]]}, "no list of cells"),
        (notebook() | {"cells": [{}] * 2001}, "more than 2000 cells"),
        (notebook() | {"cells": [{"cell_type": "evil", "source": "", "metadata": {}}]}, "breaks the rules"),
        (notebook() | {"cells": [{"cell_type": "code", "source": 3, "metadata": {}}]}, "breaks the rules"),
        ({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [{}]}]}, "as no notebook is"),
        (
            {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "heading", "level": 10**9}]}]},
            "a heading of a level that there is not",
        ),
        (b"[" * 100_000, "nested more than 100 levels"),
        (b'{"a":' * 200_000, "nested more than 100 levels"),
        (notebook() | {"metadata": {"x": [0] * 100_001}}, "holds more than a notebook can, besides its outputs"),
        (json.dumps(notebook()).replace("null", "[" * 200 + "]" * 200), "nested more than 100 levels"),
        (b"[" + b"[]," * 250_000, "more than a notebook can"),
        (b"[" + b"1," * 1_000_001, "more than a notebook can"),
        (json.dumps(notebook()).replace("null", "9" * 5000), "a number of 5000 digits"),
        (notebook(schema_version=4, grade=False), "newer nbgrader"),
        (notebook(**TEST_CELL | {"points": "all"}), "damaged data of nbgrader's in cell 1"),
        (notebook(**TEST_CELL | {"points": -2}), "damaged data of nbgrader's in cell 1"),
        (notebook(**TEST_CELL | {"grade_id": "../t"}), "damaged data of nbgrader's in cell 1"),
        (notebook(**TEST_CELL | {"schema_version": "3"}), "damaged data of nbgrader's in cell 1"),
        (notebook(schema_version=3, grade=True, solution=False, locked=True, points=1), "damaged data"),
        (notebook(schema_version=3, grade=True, solution=False, locked=True, grade_id="t"), "damaged data"),
        (notebook(grade=True, points=[]), "damaged data"),
        (json.dumps(notebook(**TEST_CELL)).replace('"points": 2', '"points": NaN'), "damaged data"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(folder: Path, content: object, reason: str) -> None:
    hand_in(folder, content)
    assert refusal(folder).count(reason) == 2  # the teacher and the student are both told


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (b"\xef\xbb\xbf" + json.dumps(notebook()).encode(), "byte order mark"),
        (json.dumps(notebook()).replace("null", "NaN"), "NaN"),
        (json.dumps(notebook()).replace("null", "1e999"), "Infinity"),
        (json.dumps(notebook()).replace('"nbformat"', '"nbformat": 9, "nbformat"'), "twice under one name"),
        (json.dumps(notebook()).replace("answer", r"answer\ud800"), "half characters"),
        (notebook() | {"nbformat_minor": 4}, "only its cells were kept"),
        (notebook() | {"metadata": {"kernelspec": {"name": 3}}}, "only its cells were kept"),
        (notebook() | {"cells": notebook()["cells"] * 2}, "no id of its own"),
        (notebook(grade=True, solution=False, grade_id="t", points="2"), "older nbgrader"),
        (notebook(**TEST_CELL | {"schema_version": 2, "extra": 1}), "older nbgrader"),
        (
            {
                "nbformat": 3,
                "nbformat_minor": 0,
                "metadata": {"name": ""},
                "worksheets": [
                    {"cells": [{"cell_type": "code", "input": "answer = 1", "outputs": [], "language": "python"}]}
                ],
            },
            "version 3",
        ),
    ],
)
def test_what_can_be_mended_is_mended_and_said(folder: Path, content: object, change: str) -> None:
    path = hand_in(folder, content)
    examined = examine(folder, SLUG)
    assert change in said(examined)
    assert examined.notebook != path.read_bytes()
    mended = nbformat.reads(examined.notebook.decode(), as_version=4)
    nbformat.validate(mended)
    MetadataValidator().validate_nb(nbformat.from_dict(mended | {"cells": mended.cells[:1]}))
    assert mended.cells[0].source.startswith("answer")
    hand_in(folder, examined.notebook)
    assert examine(folder, SLUG).findings == []  # what was mended needs no mending


def test_links_and_special_files_are_never_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = folder.parent.parent / "secret.csv"
    secret.write_text("the peer's answer")
    hand_in(folder)
    (folder / "a-link.csv").symlink_to(secret)
    (folder / "a-folder").symlink_to(secret.parent, target_is_directory=True)
    (folder / "hard.csv").hardlink_to(secret)
    os.mkfifo(folder / "pipe.csv")
    monkeypatch.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door")
    examined = examine(folder, SLUG)
    assert examined.files == {}
    assert len(examined.findings) == 5
    assert said(examined).count("it is no ordinary file") == 10


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to", "fifo", "folder"])
def test_a_notebook_that_is_no_ordinary_file_is_no_notebook(folder: Path, make: str) -> None:
    peer = folder.parent.parent / "peer.ipynb"
    peer.write_text(json.dumps(notebook()))
    if make == "fifo":
        os.mkfifo(folder / NAME)
    elif make == "folder":
        (folder / NAME).mkdir()
    else:
        getattr(folder / NAME, make)(peer)
    assert "no notebook" in refusal(folder)


@pytest.mark.parametrize("level", ["submission", "student"])
def test_a_folder_that_is_a_link_is_refused(folder: Path, level: str) -> None:
    hand_in(folder)
    place = folder.parent.parent / "birk"
    if level == "submission":
        place.mkdir()
        (place / SLUG).symlink_to(folder, target_is_directory=True)
    else:
        place.symlink_to(folder.parent, target_is_directory=True)
    assert "is a link" in refusal(place / SLUG)


@pytest.mark.parametrize("name", ["random.py", "numpy/__init__.py", "hipkit.py", "sitecustomize.py", "json.so"])
def test_a_file_that_python_would_import_in_place_of_a_module_is_left_out(folder: Path, name: str) -> None:
    hand_in(folder)
    hand_in(folder, b"", name)
    hand_in(folder, b"helps = 1", "my_helpers.py")
    hand_in(folder, b"", "random.csv")
    examined = examine(folder, SLUG)
    assert examined.files == {"my_helpers.py": b"helps = 1", "random.csv": b""}
    assert f"{name!r} was left out: Python would import it" in said(examined)


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[31m.csv", "a\u202evsc.exe", "x" * 210, "a\\b.csv", "\udcff.csv"])
def test_names_that_cannot_be_shown_are_left_out(folder: Path, name: str) -> None:
    hand_in(folder)
    hand_in(folder, b"", name)
    examined = examine(folder, SLUG)
    assert examined.files == {}
    (finding,) = examined.findings
    assert finding.teacher.isprintable() and finding.student.isprintable()
    assert len(finding.teacher) < 250


@pytest.mark.parametrize("kind", ["link", "pipe", "device", "folder"])
def test_only_an_ordinary_file_is_opened_also_when_it_was_one_a_moment_ago(folder: Path, kind: str) -> None:
    path = folder / "x"
    if kind == "link":
        path.symlink_to(hand_in(folder))
    elif kind == "pipe":
        os.mkfifo(path)  # opening it would wait for ever
    elif kind == "folder":
        path.mkdir()
    else:
        path = Path("/dev/zero")
    with pytest.raises(OSError), submission.open_regular(path):
        pytest.fail("It was opened.")


def test_a_huge_notebook_is_refused_unread(folder: Path) -> None:
    with (folder / NAME).open("wb") as file:
        file.truncate(10**12)  # a hole: it takes no room
    assert "is too large (1,000,000 MB; 20 MB are read)" in refusal(folder)


def test_other_files_are_bounded_in_size_and_number(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "MOST_REST", 10)
    monkeypatch.setattr(submission, "MOST_FILES", 3)
    hand_in(folder)
    for name, size in {"a": 6, "b": 5, "c": 4, "d": 0, "e": 0}.items():
        hand_in(folder, b"x" * size, name)
    examined = examine(folder, SLUG)
    assert {name: len(data) for name, data in examined.files.items()} == {"a": 6, "c": 4, "d": 0}
    assert said(examined).count("'b' was left out") == said(examined).count("'e' was left out") == 2


def test_a_folder_of_thousands_of_files_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "MOST_ENTRIES", 20)
    hand_in(folder)
    for number in range(25):
        hand_in(folder, b"", f"{number % 2}/{number}")
    assert "more than 20 files" in refusal(folder)


def test_folders_are_entered_to_a_depth(folder: Path) -> None:
    hand_in(folder)
    hand_in(folder, b"", "/".join("abcdefghij") + "/x")
    hand_in(folder, b"", "/".join("abcdefghij") + "/k/x")
    examined = examine(folder, SLUG)
    assert list(examined.files) == ["a/b/c/d/e/f/g/h/i/j/x"]
    assert "too deep" in said(examined)


def test_what_cannot_be_read_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    hand_in(folder)
    monkeypatch.setattr(os, "open", denied)  # an administrator, as whom these tests may run, may read everything
    assert "'counting.ipynb' cannot be read (Permission denied): correct its permissions." in refusal(folder)
