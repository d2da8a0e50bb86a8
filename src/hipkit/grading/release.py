"""The student's copy of an assignment, made by nbgrader itself."""

import hashlib
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from hipkit.errors import KitError
from hipkit.paths import ASSIGNMENTS


def settings(course_root: Path = ASSIGNMENTS) -> Config:
    """nbgrader's settings for a course root: those of `nbgrader_config.py`, and where the course stands."""
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(ASSIGNMENTS)).load_config()
    config.CourseDirectory.root = str(course_root)
    return config


def student_copy(slug: str, course_root: Path = ASSIGNMENTS) -> Path:
    """Make the released copy of an assignment, if its source has changed since the last one.

    Returns:
        The notebook that a student receives: no solutions, no hidden tests, no marks of nbgrader's.

    Raises:
        KitError: there is no such assignment, or nbgrader refuses it; the message has nbgrader's reason.
    """
    source = course_root / "source" / slug / f"{slug}.ipynb"
    if not source.is_file():
        raise KitError(f"There is no assignment called {slug!r} in {course_root / 'source'}.")
    released = course_root / "release" / slug / f"{slug}.ipynb"
    made_from = released.parent / ".made-from.sha256"
    state = hashlib.sha256(source.read_bytes()).hexdigest()
    if released.is_file() and made_from.is_file() and made_from.read_text() == state:
        return released
    outcome = NbGraderAPI(config=settings(course_root)).generate_assignment(slug, force=True, create=True)
    if not outcome["success"]:
        raise KitError(f"nbgrader could not release {slug!r}:\n{outcome.get('error') or outcome['log']}")
    made_from.write_text(state)
    return released
