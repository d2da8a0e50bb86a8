"""What is collected from nbgrader's exchange: what a student handed in, and nothing that it leads to.

Whose a file is can be tried only where there are several accounts; tests/hub does.
"""

import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from hipkit.grading.exchange import CollectOwn, copy_own

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nbgrader has no exchange on Windows")
if sys.platform != "win32":
    import pwd

    ME = pwd.getpwuid(os.getuid()).pw_name
FIRST = "2026-11-25 10:00:00.000000 UTC"
LATER = "2026-11-26 10:00:00.000000 UTC"


def hand_in(inbound: Path, text: str, student: str, time: str) -> Path:
    folder = inbound / f"{student}+counting+{time}+x"
    folder.mkdir()
    (folder / "counting.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text(time)
    (folder / "submission_secret.txt").write_text("0" * 128)
    return folder


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty gradebook, to be copied: it takes nbgrader a second to make one."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)  # nbgrader calls alembic
        Gradebook(f"sqlite:///{path}", "hip").close()
    return path


@pytest.fixture
def inbound(tmp_path: Path, gradebook: Path) -> Path:
    """The exchange's folder for what is handed in, with one honest submission, beside a secret of the instructor's."""
    (tmp_path / "course").mkdir()
    shutil.copy(gradebook, tmp_path / "course")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "counting.ipynb").write_text("secret")
    folder = tmp_path / "exchange" / "hip" / "inbound"
    folder.mkdir(parents=True)
    hand_in(folder, "honest", ME, FIRST)
    return folder


@pytest.fixture
def collect(tmp_path: Path, inbound: Path, caplog: pytest.LogCaptureFixture) -> Callable[[], tuple[dict, list[str]]]:
    """Collects; returns each student's collected notebook, and what was said of refused submissions."""
    course = {"root": str(tmp_path / "course"), "course_id": "hip", "assignment_id": "counting", "max_dir_size": 100}
    config = Config(
        CourseDirectory=course, Exchange={"root": str(inbound.parents[1])}, ExchangeCollect={"update": True}
    )

    def run() -> tuple[dict[str, str], list[str]]:
        caplog.clear()
        CollectOwn(coursedir=CourseDirectory(config=config), config=config).start()
        notebooks = (tmp_path / "course" / "submitted").glob("*/counting/counting.ipynb")
        said = [record.getMessage() for record in caplog.records]
        return {path.parts[-3]: path.read_text() for path in notebooks}, [one for one in said if "Not collected" in one]

    return run


def test_what_a_student_handed_in_last_is_collected(inbound: Path, collect: Callable) -> None:
    assert collect() == ({ME: "honest"}, [])
    hand_in(inbound, "better", ME, LATER)
    assert collect() == ({ME: "better"}, [])


def deep(folder: Path) -> None:
    """Folders in each other; with enough of them a program that walks through fails."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(200):
        os.mkdir("d", dir_fd=here)
        above, here = here, os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(above)
    os.close(here)


BAIT = {
    "a link": (lambda folder, secret: (folder / "more").symlink_to(secret / "counting.ipynb"), "more is a link"),
    "a link to a folder": (lambda folder, secret: (folder / "more").symlink_to(secret), "more is a link"),
    "a pipe": (lambda folder, secret: os.mkfifo(folder / "more"), "more is a link or no ordinary file"),
    "too much": (lambda folder, secret: (folder / "more").write_bytes(bytes(200_000)), "more than 0 MB"),
    "another time": (lambda folder, secret: (folder / "timestamp.txt").write_text("soon"), "another time"),
    "no secret": (lambda folder, secret: (folder / "submission_secret.txt").unlink(), "submission_secret.txt"),
    "folders without end": (lambda folder, secret: deep(folder), "too deep"),
}


@pytest.mark.parametrize("bait", BAIT)
def test_bait_is_refused_and_the_earlier_submission_stays(
    bait: str, inbound: Path, tmp_path: Path, collect: Callable
) -> None:
    lay, reason = BAIT[bait]
    collect()
    lay(hand_in(inbound, "bait", ME, LATER), tmp_path / "secret")
    found, (refused,) = collect()
    assert found == {ME: "honest"}
    assert reason in refused


def test_what_only_looks_like_a_submission_does_not_count(inbound: Path, tmp_path: Path, collect: Callable) -> None:
    (inbound / f"{ME}+counting+{LATER}+link").symlink_to(tmp_path / "secret")
    hand_in(inbound, "without a time", ME, "soon")
    hand_in(inbound, "for another", "kari", LATER)
    found, refused = collect()
    assert found == {ME: "honest"}
    reasons = ("in place of a folder", "no time of submission", f"belongs to {ME}, not to kari")
    assert [sum(reason in one for one in refused) for reason in reasons] == [1, 1, 1] and len(refused) == 3


def test_a_link_put_there_while_copying_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "counting.ipynb").write_text("honest")
    opened = os.open

    def swap_and_open(path: str, *arguments: int, **more: int) -> int:
        if path == "counting.ipynb":
            (tmp_path / "submission" / path).unlink()
            (tmp_path / "submission" / path).symlink_to(tmp_path / "secret")
        return opened(path, *arguments, **more)

    monkeypatch.setattr(os, "open", swap_and_open)
    with pytest.raises(OSError, match="symbolic links"):
        copy_own(tmp_path / "submission", tmp_path / "copy", 1000)
