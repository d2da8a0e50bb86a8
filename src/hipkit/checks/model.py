"""What a check is and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


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
