"""Submissions whose code shares passages that the assignment does not explain: pairs to look at, and no more.

Code is cut into tokens with names and texts made alike, so that renaming hides nothing; every run of `PASSAGE`
characters of what is left is a passage (the fingerprints of S. Schleimer, D. S. Wilkerson and A. Aiken, "Winnowing",
SIGMOD 2003, doi:10.1145/872757.872770, taken by copydetect, all of them kept). Passages of the released copy and of the
reference solution count for nothing, nor do those that many students have: that is the usual way to write it.
"""

import io
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

# Characters of tokenised code; copydetect's own choice, about the length of one line of code.
PASSAGE = 25
# In more submissions than this, a passage is the usual way to write it.
MANY = 10
# Pairs that share less are not worth a look.
LEAST_PASSAGES, LEAST_SHARE = 40, 0.5


@dataclass(frozen=True)
class Pair:
    """Two submissions with much in common.

    Attributes:
        first, second: the students' ids.
        share: of the passages of the one that has fewer, how many the other has too; 0 to 1.
        passages: how many that are.
        cells: grade_ids of the cells that hold them, in order.
    """

    first: str
    second: str
    share: float
    passages: int
    cells: list[str]


def similar(answers: dict[str, dict[str, str]], given: list[dict[str, str]]) -> list[Pair]:
    """The pairs of submissions with much in common, the longest first.

    Args:
        answers: student -> grade_id of a cell that the student writes -> the code in it.
        given: code that everybody may have, by cell: the released copy, the reference.
    """
    common = set().union(*(_passages(code) for cells in given for code in cells.values()))
    own = {
        student: {cell: _passages(code) - common for cell, code in cells.items()} for student, cells in answers.items()
    }
    holders: dict[int, set[str]] = {}
    for student, cells in own.items():
        for passage in set().union(*cells.values()):
            holders.setdefault(passage, set()).add(student)
    # By passage, not by pair: a thousand students are half a million pairs, of which hardly any share anything.
    unusual = {passage: students for passage, students in holders.items() if len(students) <= MANY}
    sizes = Counter(student for students in unusual.values() for student in students)
    shared = Counter(pair for students in unusual.values() for pair in combinations(sorted(students), 2))
    found = []
    for (first, second), passages in shared.items():
        fewer = min(sizes[first], sizes[second])
        if passages >= LEAST_PASSAGES and passages >= LEAST_SHARE * fewer:
            both = {passage for passage, students in unusual.items() if {first, second} <= students}
            cells = [cell for cell, own_passages in own[first].items() if own_passages & both]
            found.append(Pair(first, second, passages / fewer, passages, cells))
    return sorted(found, key=lambda pair: (-pair.passages, pair.first, pair.second))


def _passages(code: str) -> set[int]:
    from copydetect import CodeFingerprint  # it loads matplotlib, which takes its time

    return CodeFingerprint("answer.py", PASSAGE, 1, language="python", fp=io.StringIO(code)).hashes
