"""The course's patients, made once and again whenever what makes them has changed."""

from collections.abc import Callable

from hipkit.datasets import write_population
from hipkit.digest import digest
from hipkit.paths import DATASETS, POPULATION, ROOT

STAMP = POPULATION / "made-from.sha256"


def make_course_population(progress: Callable[[int, int], None] = lambda done, total: None) -> bool:
    """Make the course's patients where they are missing or were made by other code.

    Args:
        progress: called with (blocks done, blocks in all).

    Returns:
        Whether they were made.

    Raises:
        KitError: as `hipkit.datasets.write_population`.
    """
    code = digest([ROOT / "src/hipkit/datasets", DATASETS / "contracts", DATASETS / "reference"])
    if STAMP.is_file() and STAMP.read_text() == code:
        return False
    write_population(POPULATION, progress=progress)
    STAMP.write_text(code)
    return True
