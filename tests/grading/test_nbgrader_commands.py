"""nbgrader's own commands work in the course folder as they are, from the assignment to the exported grades."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

FIXTURES = Path(__file__).parent / "fixtures"
NBGRADER = Path(sys.executable).with_name("nbgrader")


@pytest.fixture(scope="module")
def course(make_course: Callable[[Path, str], Path]) -> Path:
    """A course whose assignment reads a file that stands beside its notebook."""
    made = make_course(FIXTURES, "counting")
    source = made / "source" / "counting" / "counting.ipynb"
    (source.parent / "start.txt").write_text("0")
    notebook = nbformat.read(source, as_version=4)
    setup = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "setup")
    setup.source += '\nrng = np.random.default_rng(int(open("start.txt").read()))'
    nbformat.write(notebook, source)
    return made


@pytest.fixture(scope="module")
def nbgrader(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs nbgrader in the course folder, as a person would whose environment is not activated."""
    own = {"HOME": str(tmp_path_factory.mktemp("home")), "PATH": os.defpath}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [NBGRADER, *arguments], cwd=course, env=os.environ | own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


def test_the_reference_validates(nbgrader: Callable[..., str]) -> None:
    assert "Success" in nbgrader("validate", "source/counting/counting.ipynb")


def test_the_whole_way(nbgrader: Callable[..., str], course: Path) -> None:
    nbgrader("generate_assignment", "counting")
    released = course / "release" / "counting" / "counting.ipynb"
    assert "failed" in nbgrader("validate", "release/counting/counting.ipynb")
    archive = course / "downloaded" / "counting" / "archive"
    archive.mkdir(parents=True)
    reference = (course / "source" / "counting" / "counting.ipynb").read_bytes()
    (archive / "kari_counting.ipynb").write_bytes(reference)
    # As learning platforms name files: with numbers between, and one appended when a student hands in once more.
    copied = nbformat.read(released, as_version=4)
    answer = next(cell for cell in copied.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "count")
    copied.cells.insert(2, nbformat.from_dict(answer | {"id": "a-copy"}))  # as JupyterLab copies a cell, id and all
    nbformat.write(copied, archive / "ola_LATE_1234_56789_counting-2.ipynb")
    (archive / "._ola_counting.ipynb").write_bytes(b"what some systems leave in archives")
    nbgrader("zip_collect", "counting")
    assert sorted(path.parts[-3:] for path in (course / "submitted").rglob("*.ipynb")) == [
        ("kari", "counting", "counting.ipynb"),
        ("ola", "counting", "counting.ipynb"),
    ]
    nbgrader("autograde", "counting")
    said = nbgrader("generate_feedback", "counting")
    assert "WARNING" not in said
    assert len(list((course / "feedback").rglob("counting.html"))) == 2
    nbgrader("export")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert scores == {"kari": (5, 9), "ola": (0, 9)}


def test_every_file_that_this_makes_is_kept_out_of_the_repository(course: Path) -> None:
    made = {path.name for path in course.iterdir()} - {"source", "mutants", "templates", "nbgrader_config.py"}
    assert {"release", "downloaded", "submitted", "autograded", "feedback", "gradebook.db", "grades.csv"} <= made
    root = FIXTURES.parents[2]
    paths = [f"assignments/{name}" for name in made] + [f"assignments/{name}/student" for name in made]
    done = subprocess.run(
        ["git", "-C", root, "check-ignore", "--no-index", *paths], capture_output=True, text=True, check=False
    )
    kept_out = set(done.stdout.split())
    assert {name for name in made if not {f"assignments/{name}", f"assignments/{name}/student"} & kept_out} == set()
