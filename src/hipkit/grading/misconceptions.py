"""Which misconception a submission shows: the failed checks are compared with those of the named wrong answers.

Two failures are the same when they are of the same check, cost the same points and say the same. Several wrong answers
may fail alike: then no check tells them apart, and the submission shows one of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import nbformat
from nbgrader.utils import is_solution

from hipkit.grading.mutants import Mutant
from hipkit.grading.release import source_notebook
from hipkit.grading.results import RESULTS, results
from hipkit.grading.roles import is_test
from hipkit.grading.said import Author
from hipkit.grading.selftest import RELEASED, Cells, Report, released
from hipkit.grading.tasks import Task
from hipkit.paths import ASSIGNMENTS

# Where no selftest is kept, one is run under so few: more would keep the teacher waiting.
SEEDS = 20


@dataclass(frozen=True, order=True)
class Failure:
    """A check that gave less than all points. `said` is in the form of `Author.same`."""

    test: str
    lost: float
    said: str


Pattern = frozenset[Failure]


@dataclass(frozen=True)
class Explained:
    """What the failed checks of one submission show.

    Attributes:
        misconceptions: for each pattern that was recognised, the names of the wrong answers that have it.
        unanswered: the failed checks of tasks that were left as they were handed out.
        rest: the failed checks that no wrong answer explains.
    """

    misconceptions: tuple[tuple[str, ...], ...]
    unanswered: Pattern
    rest: Pattern


@dataclass(frozen=True)
class Known:
    """The patterns of an assignment's wrong answers.

    Attributes:
        tasks: the assignment's.
        authors: grade_id of a test cell -> the words of its author.
        mutants: name -> wrong answer.
        patterns: pattern -> the names of the wrong answers that have it under some seed.
        untouched: the failures of the released copy.
        given: code that everybody may have, grade_id of a solution cell -> code: the reference, the released copy.
    """

    tasks: list[Task]
    authors: dict[str, Author]
    mutants: dict[str, Mutant]
    patterns: dict[Pattern, tuple[str, ...]]
    untouched: Pattern
    given: list[dict[str, str]]

    def explain(self, failed: Pattern) -> Explained:
        """The wrong answers whose checks together are the failed ones, no check twice; as few of them as possible.

        Tasks are explained whole or not at all, and one by one, unless a wrong answer that fits ties some together.
        """
        unanswered = failed & self.untouched
        fitting = [pattern for pattern in self.patterns if pattern <= failed - unanswered]
        chosen: list[Pattern] = []
        for group in self._groups(failed - unanswered, fitting):
            chosen += _exact_cover(group, fitting) or []
        rest = failed - unanswered - frozenset().union(*chosen)
        return Explained(tuple(self.patterns[one] for one in chosen), unanswered, rest)

    def _groups(self, failed: Pattern, fitting: list[Pattern]) -> list[Pattern]:
        """The failures by task, those of tasks that a fitting pattern spans in one group."""
        groups = [frozenset(one for one in failed if one.test in task.tests) for task in self.tasks]
        for pattern in fitting:
            apart = [group for group in groups if not group & pattern]
            groups = [*apart, frozenset().union(*(group for group in groups if group & pattern))]
        return groups


def _exact_cover(failed: Pattern, patterns: list[Pattern]) -> list[Pattern] | None:
    """The fewest disjoint patterns that together are `failed`; None where there are none."""
    if not failed:
        return []
    covers = [
        [one, *others]
        for one in patterns
        if min(failed) in one and one <= failed and (others := _exact_cover(failed - one, patterns)) is not None
    ]
    return min(covers, key=len, default=None)


def known(
    slug: str,
    course_root: Path = ASSIGNMENTS,
    kept: Path = RESULTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Known:
    """The patterns in which the wrong answers to an assignment fail, from the selftest; it is run where none is kept.

    Args:
        slug: the assignment.
        course_root: the nbgrader course.
        kept: where the selftest keeps its results.
        progress: called with how many runs are done and how many there will be, if it has to run.

    Raises:
        KitError: the assignment or a wrong answer cannot be read.
    """
    path = source_notebook(slug, course_root)
    ((selftest, _),) = results([slug], SEEDS, course_root=course_root, folder=kept, progress=progress)
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    authors = {cell.metadata.nbgrader.grade_id: Author(cell.source) for cell in cells if is_test(cell)}
    found: dict[Pattern, list[str]] = {}
    for mutant in selftest.mutants:
        for pattern in _patterns(selftest, mutant.name, authors):
            found.setdefault(pattern, []).append(mutant.name)
    (untouched,) = _patterns(selftest, RELEASED, authors)
    return Known(
        tasks=selftest.tasks,
        authors=authors,
        mutants={mutant.name: mutant for mutant in selftest.mutants},
        patterns={one: tuple(names) for one, names in found.items() if one and one != untouched},
        untouched=untouched,
        given=[_code(cells), _code(released(slug, cells, course_root))],
    )


def failures(lost: dict[str, float], said: dict[str, str], authors: dict[str, Author]) -> Pattern:
    """The pattern of a submission that lost these points and whose tests said this, by the tests' grade_ids."""
    return frozenset(
        Failure(test, round(points, 6), authors[test].same(said[test])) for test, points in lost.items() if points > 0
    )


def _patterns(selftest: Report, answer: str, authors: dict[str, Author]) -> set[Pattern]:
    """Every pattern of an answer: where the seeds do not agree on a test, one for each thing that it did."""
    tests = selftest.outcomes[answer]
    return {
        failures(
            {test: selftest.worth[test] - one.points for test, one in zip(tests, chosen, strict=True)},
            {test: one.says for test, one in zip(tests, chosen, strict=True)},
            authors,
        )
        for chosen in product(*tests.values())
    }


def _code(cells: Cells) -> dict[str, str]:
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_solution(cell)}
