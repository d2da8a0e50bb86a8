"""What a check is and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hipkit.errors import KitError


@dataclass(frozen=True)
class Finding:
    """One thing to mend.

    file: path relative to the course's root, with forward slashes. line: 1-based, or 0 where no line is meant (in a
    notebook, the number of the cell). problem: what is wrong. mend: what to do, as an instruction.
    """

    file: str
    line: int
    problem: str
    mend: str


@dataclass(frozen=True)
class Check:
    """A named question about the whole course. `run` takes the course's root and returns what is to be mended."""

    name: str
    meaning: str
    run: Callable[[Path], list[Finding]]


def findings_of(check: Check, root: Path) -> list[Finding]:
    """Run a check; a file that it cannot open, or that its reader refuses, is a finding too."""
    try:
        return check.run(root)
    except KitError as error:
        return [Finding(".", 0, str(error), "Do what the message says, then check once more.")]
    except OSError as error:
        if not error.filename or not Path(error.filename).is_relative_to(root):
            raise
        file = Path(error.filename).relative_to(root).as_posix()
        return [Finding(file, 0, f"it cannot be read: {error.strerror}", "Bring the file back, or let it be read.")]
