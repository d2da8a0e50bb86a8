"""Downloads of learning platforms come into nbgrader's folders: whole, once, the latest; hostile ones hurt nobody."""

import csv
import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.grading import intake
from hipkit.grading.intake import Collected, collecting, staging
from hipkit.grading.intake.records import HEADS, read_records

SLUG = "counting"
Notebook = Callable[[str], str]
GOOD = "nordmannola_101_9001_counting.ipynb"


def collect(course: Path, *sources: Path) -> Collected:
    return intake.collect(SLUG, list(sources), course)


def archive(folder: Path, files: dict[str, str | bytes], name: str = "class.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member, content in files.items():
            file.writestr(member, content)
    return path


def zipped(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for member, content in files.items():
            file.writestr(member, content)
    return data.getvalue()


def tarred(files: dict[str, str | bytes], extra: list[tarfile.TarInfo] = (), mode: str = "w:gz") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as file:
        for info in extra:
            file.addfile(info)
        for member, content in files.items():
            info = tarfile.TarInfo(member)
            content = content.encode() if isinstance(content, str) else content
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return data.getvalue()


def everything(folder: Path) -> dict[str, tuple[str, float]]:
    """Every file under a folder, with its content and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def submitted(course: Path) -> dict[str, list[str]]:
    """Student -> the files that stand in nbgrader's folder."""
    found = {}
    for path in sorted((course / "submitted").glob(f"*/{SLUG}/**/*")):
        if path.is_file():
            student, _, *rest = path.relative_to(course / "submitted").parts
            found.setdefault(student, []).append("/".join(rest))
    return found


def words(done: Collected, student: str) -> tuple[str, str]:
    """What is said of a student's submission to the teacher and to the student."""
    (record,) = [one for one in done.records if one.student == student]
    return " ".join(record.teacher), " ".join(record.told)


# Every kind of download, as (name, content): one class, four students.
def canvas(notebook: Notebook, folder: Path) -> Path:
    files = {
        GOOD: notebook("ola"),
        "nordmannola_101_9002_values.csv": "1,2",
        "nordmannkari_LATE_102_9003_counting-1.ipynb": notebook("kari"),
        "østbyåse_103_9004_work.zip": zipped({"work/counting.ipynb": notebook("åse"), "work/values.csv": "3"}),
    }
    return archive(folder, files)


def moodle(notebook: Notebook, folder: Path) -> Path:
    files = {
        "Ola Nordmann_1_assignsubmission_file_/counting.ipynb": notebook("ola"),
        "Ola Nordmann_1_assignsubmission_file_/values.csv": "1,2",
        "Kari Nordmann_2_assignsubmission_file_/answer.ipynb": notebook("kari"),
        "Åse Østby_3_assignsubmission_file_/work.zip": zipped({"counting.ipynb": notebook("åse"), "values.csv": "3"}),
    }
    return archive(folder, files)


def moodle_unpacked(notebook: Notebook, folder: Path) -> Path:
    target = folder / "unpacked"
    with zipfile.ZipFile(moodle(notebook, folder)) as file:
        file.extractall(target)
    return target


def named_folders(notebook: Notebook, folder: Path) -> Path:
    path = folder / "class.tar.gz"
    files = {
        "class/ola/counting.ipynb": notebook("ola"),
        "class/ola/values.csv": "1,2",
        "class/kari/counting/counting.ipynb": notebook("kari"),
        "class/åse/work.tar.gz": tarred({"work/counting.ipynb": notebook("åse"), "work/values.csv": "3"}),
    }
    path.write_bytes(tarred(files))
    return path


def archive_each(notebook: Notebook, folder: Path) -> Path:
    target = folder / "all"
    target.mkdir()
    archive(target, {"counting.ipynb": notebook("ola"), "values.csv": "1,2"}, "ola.zip")
    archive(target, {"kari/counting.ipynb": notebook("kari")}, "kari.zip")
    (target / "åse.tgz").write_bytes(tarred({"counting.ipynb": notebook("åse"), "values.csv": "3"}))
    return target


@pytest.mark.parametrize(
    ("platform", "students"),
    [
        (canvas, ["nordmannola-101", "nordmannkari-102", "østbyåse-103"]),
        (moodle, ["Ola-Nordmann", "Kari-Nordmann", "Åse-Østby"]),
        (moodle_unpacked, ["Ola-Nordmann", "Kari-Nordmann", "Åse-Østby"]),
        (named_folders, ["ola", "kari", "åse"]),
        (archive_each, ["ola", "kari", "åse"]),
    ],
)
def test_every_platforms_download_comes_in_whole(
    platform: Callable, students: list[str], counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    source = platform(notebook, tmp_path)
    before = everything(tmp_path)
    done = collect(counting, source)
    ola, kari, åse = students
    both = ["counting.ipynb", "values.csv"]
    assert submitted(counting) == {ola: both, kari: ["counting.ipynb"], åse: both}
    for student, answer in zip(students, ("ola", "kari", "åse"), strict=True):
        text = (counting / "submitted" / student / SLUG / "counting.ipynb").read_text()
        assert json.loads(text)["cells"][0]["source"] == answer
    assert [record.outcome for record in done.records] == ["accepted"] * 3
    assert everything(tmp_path) == before  # what came in stays as it was


@pytest.mark.parametrize("platform", [canvas, moodle_unpacked, named_folders, archive_each])
def test_running_it_again_changes_nothing(
    platform: Callable, counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    source = platform(notebook, tmp_path)
    first = collect(counting, source)
    assert len(first.new) == 3
    before = everything(counting)
    second = collect(counting, source)
    assert everything(counting) == before
    assert (second.records, second.new) == (first.records, set())


def test_the_downloads_in_nbgraders_folder_are_taken_by_default(
    counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    with pytest.raises(KitError, match="There is nothing to collect in"):
        collect(counting)
    folder = counting / "downloaded" / SLUG / "archive"
    folder.mkdir(parents=True)
    canvas(notebook, folder)
    (folder / "per_counting.ipynb").write_text(notebook("per"))
    (folder / "counting.ipynb").write_text(notebook("whose?"))
    done = collect(counting)
    assert sorted(submitted(counting)) == ["nordmannkari-102", "nordmannola-101", "per", "østbyåse-103"]
    (nobodys,) = [record for record in done.records if not record.student]
    assert "Nothing says whose this is: 'counting.ipynb'." in nobodys.teacher[0]
    assert nobodys.told == ("It is not clear which work is yours. Ask your teacher.",)


def test_a_platforms_time_is_kept_as_nbgrader_keeps_it(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    name = "Oblig_kari_attempt_2026-07-01-15-00-00_counting.ipynb"
    collect(counting, archive(tmp_path, {name: notebook()}))
    assert (counting / "submitted/kari/counting/timestamp.txt").read_text() == "2026-07-01 13:00:00 UTC\n"


def test_the_student_does_not_say_when_it_was_handed_in(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    work = zipped({"counting.ipynb": notebook(), "timestamp.txt": "2020-01-01 00:00:00 UTC"})
    late = {"a_LATE_1_2_work.zip": work, "b_2_3_timestamp.txt": "yesterday", "b_2_4_counting.ipynb": notebook()}
    done = collect(counting, archive(tmp_path, late))
    assert submitted(counting) == {"a-1": ["counting.ipynb"], "b-2": ["counting.ipynb"]}
    assert "Canvas says that it was handed in late, but not when" in words(done, "a-1")[0]
    assert words(done, "b-2") == ("", "Your notebook was received.")


def test_students_of_the_gradebook_get_their_own_names(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    with Gradebook(f"sqlite:///{counting}/gradebook.db") as gradebook:
        gradebook.add_student("ola@usn", lms_user_id="101")
    collect(counting, canvas(notebook, tmp_path))
    assert "ola@usn" in submitted(counting)


def test_two_students_of_one_name_are_kept_apart_until_the_gradebook_knows_them(
    counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    files = {f"Per Berg_{n}_assignsubmission_file_/counting.ipynb": notebook(str(n)) for n in (1, 2)}
    files["Liv Li_3_assignsubmission_file_/counting.ipynb"] = notebook()
    source = archive(tmp_path, files)
    done = collect(counting, source)
    assert sorted(submitted(counting)) == ["Liv-Li"]
    refused = [record for record in done.records if record.outcome == "refused"]
    assert len(refused) == 2
    assert all("would both be the student 'Per-Berg'" in record.teacher[0] for record in refused)
    with Gradebook(f"sqlite:///{counting}/gradebook.db") as gradebook:
        gradebook.add_student("per1", lms_user_id="1")
        gradebook.add_student("per2", lms_user_id="2")
    collect(counting, source)
    assert sorted(submitted(counting)) == ["Liv-Li", "per1", "per2"]
    assert not [record for record in read_records(counting, SLUG) if record.outcome == "refused"]


class TestSeveralSubmissions:
    """The latest counts, the earlier ones are kept, in whatever order they come in."""

    def canvas(self, folder: Path, notebook: Notebook, serial: int, source: str) -> Path:
        return archive(folder, {f"ab_1_{serial}_counting.ipynb": notebook(source)}, f"class-{serial}.zip")

    def stands(self, course: Path) -> str:
        return json.loads((course / "submitted/ab-1/counting/counting.ipynb").read_text())["cells"][0]["source"]

    def kept(self, course: Path) -> set[str]:
        found = (course / "collected" / SLUG / "ab-1").glob("*/counting.ipynb")
        return {json.loads(path.read_text())["cells"][0]["source"] for path in found}

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    @pytest.mark.parametrize("together", [True, False])
    def test_the_platforms_number_says_which_is_later(
        self, order: tuple[int, ...], together: bool, counting: Path, notebook: Notebook, tmp_path: Path
    ) -> None:
        three = [self.canvas(tmp_path, notebook, 10 + n, str(n)) for n in range(3)]
        sources = [three[n] for n in order]
        for given in [sources] if together else [[one] for one in sources]:
            done = collect(counting, *given)
        assert self.stands(counting) == "2"
        assert self.kept(counting) == {"0", "1"}
        outcomes = {record.serial: record.outcome for record in read_records(counting, SLUG)}
        assert outcomes == {10: "earlier", 11: "earlier", 12: "accepted"}
        before = everything(counting)
        assert collect(counting, *sources).new == set()
        assert everything(counting) == before
        if together:
            assert {record.serial: record.outcome for record in done.records} == outcomes

    def test_what_was_handed_in_again_counts_again(self, counting: Path, notebook: Notebook, tmp_path: Path) -> None:
        for serial, source in ((1, "first"), (2, "second"), (3, "first")):
            collect(counting, self.canvas(tmp_path, notebook, serial, source))
        assert self.stands(counting) == "first"
        assert self.kept(counting) == {"second"}

    def test_a_broken_later_one_does_not_take_the_place_of_a_whole_one(
        self, counting: Path, notebook: Notebook, tmp_path: Path
    ) -> None:
        collect(counting, self.canvas(tmp_path, notebook, 1, "whole"))
        done = collect(counting, archive(tmp_path, {"ab_1_2_counting.ipynb": "{"}, "second.zip"))
        assert self.stands(counting) == "whole"
        assert [record.outcome for record in done.records] == ["refused"]

    def test_where_nothing_says_which_is_later_the_newer_files_count_and_it_is_said(
        self, counting: Path, notebook: Notebook, tmp_path: Path
    ) -> None:
        paths = []
        for name, age in (("new", 0), ("old", 1000)):
            path = tmp_path / name / "ab_counting.ipynb"
            path.parent.mkdir()
            path.write_text(notebook(name))
            os.utime(path, (time.time() - age, time.time() - age))
            paths.append(path)
        done = collect(counting, *paths)
        text = (counting / "submitted/ab/counting/counting.ipynb").read_text()
        assert json.loads(text)["cells"][0]["source"] == "new"
        assert sum("the newer files counts" in " ".join(record.teacher) for record in done.records) == 1
        before = everything(counting)
        collect(counting, *paths)
        assert everything(counting) == before

    def test_what_stood_there_before_is_kept(self, counting: Path, notebook: Notebook, tmp_path: Path) -> None:
        place = counting / "submitted/ab-1/counting"
        place.mkdir(parents=True)
        (place / "counting.ipynb").write_text(notebook("by nbgrader collect"))
        os.utime(place / "counting.ipynb", (0, 0))
        collect(counting, self.canvas(tmp_path, notebook, 1, "from Canvas"))
        assert self.stands(counting) == "from Canvas"
        assert self.kept(counting) == {"by nbgrader collect"}

    def test_what_the_teacher_has_mended_stays(self, counting: Path, notebook: Notebook, tmp_path: Path) -> None:
        source = self.canvas(tmp_path, notebook, 1, "typo")
        collect(counting, source)
        (counting / "submitted/ab-1/counting/counting.ipynb").write_text(notebook("mended"))
        collect(counting, source)
        collect(counting, self.canvas(tmp_path, notebook, 2, "typo"))  # the same, handed in once more
        assert self.stands(counting) == "mended"

    def test_what_was_removed_is_put_in_place_again(self, counting: Path, notebook: Notebook, tmp_path: Path) -> None:
        source = self.canvas(tmp_path, notebook, 1, "here")
        collect(counting, source)
        shutil.rmtree(counting / "submitted/ab-1")
        collect(counting, source)
        assert self.stands(counting) == "here"


def link(name: str, to: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def tar_entry(name: str, kind: bytes, to: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info


def endless_tar() -> bytes:
    """A tar whose second member has a negative size (CVE-2025-8194): a careless reader comes back to it for ever."""
    data = bytearray(tarred({"a": "", "b": ""}, mode="w"))
    head = data[512:1024]
    head[124:136] = b"\xff" * 4 + (-512).to_bytes(8, "big", signed=True)
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    data[512:1024] = head
    return bytes(data)


def bad_sum() -> bytes:
    """A zip in which a byte of a file has changed on the way."""
    data = bytearray(zipped({"counting.ipynb": '{"cells": [1, 2, 3]}'}))
    data[30 + len("counting.ipynb") + 5] ^= 1
    return bytes(data)


def many_files() -> bytes:
    return zipped({f"{number}.txt": "" for number in range(6000)})


def zeros(megabytes: int) -> bytes:
    return zipped({"counting.ipynb": bytes(megabytes * 1_000_000)})


def layers() -> bytes:
    data = zipped({"counting.ipynb": "{}"})
    for _ in range(5):
        data = zipped({"inner.zip": data})
    return data


def long_list() -> bytes:
    """A small archive whose list of files would take a lot of memory."""
    return zipped({f"{number:050}": "" for number in range(25_000)})


def long_header() -> bytes:
    """A tar with a header that says it is of eight gigabytes, and unpacks to a lot."""
    head = tarfile.TarInfo("x")
    head.type, head.size = tarfile.XHDTYPE, 2**33 - 1
    data = io.BytesIO()
    with gzip.open(data, "wb") as file:
        file.write(head.tobuf(tarfile.GNU_FORMAT))
        for _ in range(300):
            file.write(bytes(1_000_000))
    return data.getvalue()


HOSTILE = {
    # name of the file that is handed in, its content, what is said of it
    "../ in a zip": ("work.zip", lambda: zipped({"../../../escaped.ipynb": "{}"}), "leads out of the archive"),
    "absolute path": ("work.zip", lambda: zipped({"/tmp/escaped.ipynb": "{}"}), "leads out of the archive"),
    "../ with \\": ("work.zip", lambda: zipped({"..\\..\\escaped.ipynb": "{}"}), "leads out of the archive"),
    "link in a zip": ("work.zip", lambda: zipped({link("counting.ipynb", "x"): "/etc/passwd"}), "no ordinary file"),
    "link in a tar": (
        "work.tar.gz",
        lambda: tarred({}, [tar_entry("counting.ipynb", tarfile.SYMTYPE, "/etc/passwd")]),
        "no ordinary file",
    ),
    "hard link": (
        "work.tar",
        lambda: tarred({}, [tar_entry("counting.ipynb", tarfile.LNKTYPE, "/etc/passwd")], "w"),
        "no ordinary file",
    ),
    "link, then through it": (
        "work.tar.gz",
        lambda: tarred({"a/escaped.ipynb": "{}"}, [tar_entry("a", tarfile.SYMTYPE, "../../..")]),
        "no ordinary file",
    ),
    "device": ("work.tgz", lambda: tarred({}, [tar_entry("counting.ipynb", tarfile.CHRTYPE)]), "no ordinary file"),
    "pipe": ("work.tgz", lambda: tarred({}, [tar_entry("counting.ipynb", tarfile.FIFOTYPE)]), "no ordinary file"),
    "bomb by ratio": ("work.zip", lambda: zeros(40), "times its size"),
    "bomb by size": (
        "work.zip",
        lambda: zipped({f"{n}.bin": bytes(9_000_000) for n in range(20)}),
        "more than 140 MB when it is unpacked",
    ),
    "bomb by number": ("work.zip", many_files, "more than 5000 files"),
    "bomb in a tar": ("work.tar.gz", lambda: tarred({f"{n}": bytes(9_000_000) for n in range(20)}), "more than 140 MB"),
    "unpacked for nothing": (
        "work.tar.gz",
        lambda: tarred({f"{n}": bytes(60_000_000) for n in range(4)}),
        "an archive, 'work.tar.gz', with more than 140 MB",
    ),
    "too large": ("work.tar.gz", lambda: tarred({"counting.ipynb": bytes(51_000_000)}), "too large (51 MB; 50 MB"),
    "archives for ever": ("work.zip", layers, "an archive in an archive"),
    "long list": ("work.zip", long_list, "a list of files that is too long"),
    "long header": ("work.tar.gz", long_header, "too long"),
    "endless tar": ("work.tar", endless_tar, "more than 5000 files"),
    "damaged zip": ("work.zip", lambda: zipped({"counting.ipynb": "{}" * 900})[:60], "damaged"),
    "damaged content": ("work.zip", bad_sum, "damaged"),
    "no archive": ("work.zip", lambda: b"hello", "damaged"),
    "no tar": ("work.tar.gz", lambda: b"\x1f\x8b" + b"hello" * 9, "damaged"),
    "control characters": ("work.zip", lambda: zipped({"\x1b[2Jcounting.ipynb": "{}"}), "cannot be shown"),
    "turned writing": ("work.zip", lambda: zipped({"\u202ebnypi.gnitnuoc.ipynb": "{}"}), "cannot be shown"),
    "a file and a folder": ("work.zip", lambda: zipped({"a": "1", "a/b": "2"}), "another file of this name"),
    "twice": ("work.tar", lambda: tarred({"./a": "1", "a": "2"}, mode="w"), "another file of this name"),
    "password": ("work.zip", lambda: locked(), "locked with a password"),
    "another archive": ("work.7z", lambda: b"7z\xbc\xaf'\x1c", "use .zip"),
    "broken JSON": ("counting.ipynb", lambda: b'{"cells": [', "not whole"),
    "no UTF-8": ("counting.ipynb", lambda: '{"a": "æ"}'.encode("latin-1"), "not in UTF-8"),
    "deep JSON": ("counting.ipynb", lambda: b"[" * 100_000, "nested more than"),
    "no notebook": ("report.pdf", lambda: b"%PDF", "no notebook"),
}


def locked() -> bytes:
    data = bytearray(zipped({"counting.ipynb": "{}"}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_submission_is_refused_in_words_and_hurts_nobody(
    kind: str, counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    name, content, says = HOSTILE[kind]
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    files = {GOOD: notebook("ola"), f"mallory_666_9002_{name}": content(), "zoe_103_9003_counting.ipynb": notebook()}
    source = archive(downloads, files)
    before = everything(tmp_path), set(Path("/tmp").glob("*escaped*"))
    started = time.monotonic()
    done = collect(counting, source)
    assert time.monotonic() - started < 60
    assert (everything(tmp_path), set(Path("/tmp").glob("*escaped*"))) == before
    assert not list(counting.parent.rglob("escaped.ipynb"))
    assert not list(counting.glob(".collecting-*"))
    # The honest students before and after are untouched.
    assert submitted(counting) == {"nordmannola-101": ["counting.ipynb"], "zoe-103": ["counting.ipynb"]}
    (record,) = [one for one in done.records if one.student == "mallory-666"]
    assert record.outcome == "refused"
    assert record.told and record.teacher
    assert says in " ".join(record.teacher) and says in " ".join(record.told)
    assert all(text.isprintable() and len(text) < 600 for text in (*record.teacher, *record.told))


def test_a_download_whose_paths_lead_out_is_nobodys(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    files = {GOOD: notebook(), "../../evil.ipynb": notebook(), "/etc/cron.d/x": "x", "kari/../../x.ipynb": "x"}
    done = collect(counting, archive(tmp_path, files))
    assert submitted(counting) == {"nordmannola-101": ["counting.ipynb"]}
    (nobodys,) = [record for record in done.records if not record.student]
    assert all(name in nobodys.teacher[0] for name in ("../../evil.ipynb", "/etc/cron.d/x", "kari/../../x.ipynb"))


BOMBS = {
    "a packed archive": lambda: zipped({"inner.zip": bytes(200_000_000)}),
    "several": lambda: zipped({f"{n}.tar": bytes(50_000_000) for n in range(4)}),
    "in a tar": lambda: tarred({"inner.zip": bytes(200_000_000)}),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_archives_in_an_archive_do_not_fill_the_disk(
    bomb: Callable[[], bytes], counting: Path, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, copied = [], collecting._copied

    def watched(*given: object) -> Path:
        path = copied(*given)
        sizes.append(path.stat().st_size)
        return path

    monkeypatch.setattr(collecting, "_copied", watched)
    data = bomb()
    path = tmp_path / ("kari.zip" if data[:2] == b"PK" else "kari.tar.gz")
    path.write_bytes(data)
    done = collect(counting, path, archive(tmp_path, {GOOD: notebook()}))
    assert sum(sizes) <= staging.MOST_BYTES
    assert list(submitted(counting)) == ["nordmannola-101"]
    assert any("MB when it is unpacked" in " ".join(record.teacher) for record in done.records if not record.student)


def test_an_archive_in_an_archive_that_is_damaged_is_said_and_the_others_come_in(
    counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    good = zipped({GOOD: notebook()})
    done = collect(counting, archive(tmp_path, {"a.zip": b"hello", "b.zip": good}))
    assert list(submitted(counting)) == ["nordmannola-101"]
    assert words(done, "")[0] == "The archive 'a.zip' cannot be opened (File is not a zip file)."


def test_links_in_a_folder_are_not_followed(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "counting.ipynb").write_text(notebook("the peer's"))
    folder = tmp_path / "class"
    for student in ("kari", "ola", "per"):
        (folder / student).mkdir(parents=True)
    (folder / "kari" / "counting.ipynb").write_text(notebook("kari"))
    (folder / "kari" / "values.csv").symlink_to(secret / "counting.ipynb")
    (folder / "ola" / "counting.ipynb").symlink_to(secret / "counting.ipynb")
    (folder / "per" / "work").symlink_to(secret, target_is_directory=True)
    os.mkfifo(folder / "per" / "counting.ipynb")
    (folder / "liv").symlink_to(secret, target_is_directory=True)
    done = collect(counting, folder)
    assert submitted(counting) == {"kari": ["counting.ipynb"]}
    assert {record.student: record.outcome for record in done.records} == {
        "kari": "accepted",
        "ola": "refused",
        "per": "refused",
        "": "refused",
    }


def test_a_link_in_submitted_is_not_followed(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    (counting / "submitted").mkdir()
    (counting / "submitted" / "nordmannola-101").symlink_to(tmp_path, target_is_directory=True)
    before = everything(tmp_path)
    done = collect(counting, archive(counting, {GOOD: notebook()}))
    assert [record.outcome for record in done.records] == ["refused"]
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["class.zip", "class.tar.gz", "class.tar"])
def test_a_download_that_cannot_be_read_is_said_and_nothing_is_done(
    name: str, counting: Path, notebook: Notebook, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(os.urandom(5000))
    with pytest.raises(KitError, match=r"cannot be read .*Download it again"):
        collect(counting, canvas(notebook, counting), tmp_path / name)
    assert submitted(counting) == {}
    assert not list(counting.glob(".collecting-*"))


def test_what_is_not_there_is_said(counting: Path, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"There is no .*nothing\.zip"):
        collect(counting, tmp_path / "nothing.zip")
    with pytest.raises(KitError, match="There is no assignment called 'other'"):
        intake.collect("other", [tmp_path], counting)


def test_a_run_that_is_killed_leaves_no_half_submission(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    source = archive(tmp_path, {f"s{n}_{n}_{n}_counting.ipynb": notebook(str(n)) for n in range(40)})
    code = "import sys; from pathlib import Path; from hipkit.grading.intake import collect; "
    code += "collect(sys.argv[1], [Path(sys.argv[2])], Path(sys.argv[3]))"
    process = subprocess.Popen([sys.executable, "-c", code, SLUG, source, counting])
    while not (counting / "submitted").is_dir() and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    stood = submitted(counting)
    assert 0 < len(stood) < 40, "It was killed on the way."
    assert set(map(tuple, stood.values())) == {("counting.ipynb",)}
    assert list(counting.glob(".collecting-*"))
    done = collect(counting, source)
    assert len(submitted(counting)) == len(done.records) == 40
    assert not list(counting.glob(".collecting-*"))
    assert {record.outcome for record in read_records(counting, SLUG)} == {"accepted"}


def test_a_full_disk_leaves_what_was_there(
    counting: Path, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(counting, TestSeveralSubmissions().canvas(tmp_path, notebook, 1, "first"))
    before = everything(counting)

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            collect(counting, TestSeveralSubmissions().canvas(tmp_path, notebook, 2, "second"))
    assert everything(counting) == before


def test_the_list_is_for_a_spreadsheet_and_has_no_formula(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    files = {"=1+1/counting.ipynb": notebook(), "@SUM(A1)/x.pdf": "", "-2/counting.ipynb": "{"}
    done = collect(counting, archive(tmp_path, files, "=cmd.zip"))
    rows = list(csv.reader(done.report.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == HEADS
    assert len(rows) == 4
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]


def test_nbgrader_grades_what_was_collected(counting: Path, notebook: Notebook, tmp_path: Path) -> None:
    from nbgrader.apps import NbGraderAPI

    from hipkit.grading.release import generate, settings

    released = generate(SLUG, counting)
    content = json.loads(released.read_text())
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "count":
            cell["source"] = "def count_above(values, limit):\n    return int(sum(value > limit for value in values))"
        cell["metadata"].get("nbgrader", {})["schema_version"] = 2  # an old nbgrader's, which stops a whole class
    collect(counting, archive(tmp_path, {"ab_1_2_counting.ipynb": json.dumps(content), "zoe_3_4_counting.ipynb": "{"}))
    assert NbGraderAPI(config=settings(counting)).autograde(SLUG, "ab-1")["success"]
    with Gradebook(f"sqlite:///{counting}/gradebook.db") as gradebook:
        assert gradebook.find_submission(SLUG, "ab-1").score == 2


def test_the_command_says_what_came_in_and_where_the_list_is(
    counting: Path, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake.collect, "__defaults__", (counting, lambda done, total: None))
    files = {GOOD: notebook(), "mallory_666_2_[bold]x.ipynb": "{", "zoe_1_3_counting.ipynb": notebook()}
    answer = CliRunner().invoke(main, ["grade", "collect", SLUG, str(archive(tmp_path, files))])
    assert answer.exit_code == 0, answer.output
    assert "2 accepted, 1 refused; 3 of them new" in answer.output
    assert "mallory-666" in answer.output and "[bold]x" in answer.output
    assert str(counting / "collected" / "counting.csv") in answer.output
    answer = CliRunner().invoke(main, ["grade", "collect", SLUG, str(tmp_path / "class.zip")])
    assert "2 accepted, 1 refused; 0 of them new" in answer.output


def test_bounds_of_a_class_are_kept(
    counting: Path, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "BOUNDS", staging.Bounds(one_read=2_000_000, all_reads=10_000_000, members=3))
    files = {f"s{n}_{n}_{n}_counting.ipynb": notebook(str(n)) for n in range(4)}
    with pytest.raises(KitError, match="more than 3 files"):
        collect(counting, archive(tmp_path, files))
