"""The student's copy of an assignment, made by nbgrader itself."""

import hashlib
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from hipkit.errors import KitError
from hipkit.paths import ASSIGNMENTS

CONFIG = ASSIGNMENTS / "nbgrader_config.py"


def settings(course_root: Path = ASSIGNMENTS) -> Config:
    """The settings of `assignments/nbgrader_config.py`, for the nbgrader course that stands in `course_root`."""
    config = PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config()
    config.CourseDirectory.root = str(course_root)
    if (own := course_root / "policy.toml").is_file():
        config.LatePolicy.file = str(own)
    config.NbGraderAPI.log_level = "ERROR"
    return config


def source_notebook(slug: str, course_root: Path = ASSIGNMENTS) -> Path:
    """The notebook from which an assignment is made.

    Raises:
        KitError: there is no such assignment; the message lists those there are.
    """
    path = course_root / "source" / slug / f"{slug}.ipynb"
    if not path.is_file():
        there = ", ".join(slugs(course_root)) or "none yet"
        raise KitError(f"There is no assignment called {slug!r}. The assignments are: {there}.")
    return path


def slugs(course_root: Path = ASSIGNMENTS) -> list[str]:
    """The slugs of all assignments, sorted."""
    return sorted(path.stem for path in (course_root / "source").glob("*/*.ipynb") if path.stem == path.parent.name)


def generate(slug: str, course_root: Path = ASSIGNMENTS, gradebook: bool = True) -> Path:
    """Make the student's copy with nbgrader, and enter the assignment into the gradebook of `course_root`.

    Without `gradebook` only the copy is made: no database, so none of the seconds that a new one takes.

    Returns:
        The notebook that a student receives, without solutions and hidden tests.

    Raises:
        KitError: there is no such assignment, or nbgrader refuses it; the message has nbgrader's reason.
    """
    source_notebook(slug, course_root)
    config = settings(course_root)
    config.GenerateAssignment.no_database = not gradebook
    config.SaveCells.enabled = gradebook
    outcome = NbGraderAPI(config=config).generate_assignment(slug, force=True, create=True)
    if not outcome["success"]:
        raise KitError(f"nbgrader could not make the student's copy of {slug!r}:\n{said(outcome)}")
    return course_root / "release" / slug / f"{slug}.ipynb"


def said(outcome: dict[str, str | bool]) -> str:
    """What nbgrader said about a step that failed; of a traceback only its end, which says what was wrong."""
    kept = []
    frames = None  # in a traceback, what its frames are indented by more than
    for line in str(outcome.get("log") or outcome.get("error", "")).splitlines():
        indent = len(line) - len(line.lstrip())
        if "Traceback (most recent call last)" in line:
            frames = 4 if line.startswith("[") else indent  # the log indents what follows on a line of its own
        elif line.strip() and (frames is None or indent <= frames):
            frames = None if line.startswith("[") else frames
            kept.append(line)
    return "\n".join(kept)


def student_copy(slug: str, course_root: Path = ASSIGNMENTS) -> Path:
    """The student's copy in `release`, made again only when something it is made from has changed.

    Raises:
        KitError: as `generate`.
    """
    state = hashlib.sha256(CONFIG.read_bytes())
    source = source_notebook(slug, course_root)
    for path in sorted(path for path in source.parent.rglob("*") if path.is_file()):
        state.update(f"{path.relative_to(source.parent)}\0".encode() + path.read_bytes())
    release = course_root / "release"
    stamp = release / f".{slug}.sha256"  # beside the folder that students get, not in it
    notebook = release / slug / source.name
    if notebook.is_file() and stamp.is_file() and stamp.read_text() == state.hexdigest():
        return notebook
    generate(slug, course_root)
    stamp.write_text(state.hexdigest())
    return notebook
