"""A submission is counted under the wrong answers whose failures it shows, whole, and under no other."""

from pathlib import Path

import pytest

from hipkit.grading.misconceptions import Explained, Failure, Known, Pattern, known
from hipkit.grading.mutants import read_mutants
from hipkit.grading.tasks import Task

# Three tasks; the first has two checks.
TASKS = [Task("A", {"a1": 1, "a2": 2}, {}, []), Task("B", {"b": 3}, {}, []), Task("C", {"c": 1}, {}, [])]
A1, A2, A2_OTHER = Failure("a1", 1, "x"), Failure("a2", 2, "y"), Failure("a2", 2, "z")
B, B_LESS, C = Failure("b", 3, "b"), Failure("b", 1, "b"), Failure("c", 1, "c")
LEFT = frozenset({Failure("b", 3, "left"), Failure("c", 1, "left")})


def explain(failed: set[Failure], **patterns: set[Failure]) -> Explained:
    """What the failures show, where each wrong answer has one pattern; those with equal patterns are one."""
    found: dict[Pattern, tuple[str, ...]] = {}
    for name, pattern in patterns.items():
        found[frozenset(pattern)] = (*found.get(frozenset(pattern), ()), name)
    return Known(TASKS, {}, {}, found, LEFT, []).explain(frozenset(failed))


@pytest.mark.parametrize(
    ("failed", "patterns", "names"),
    [
        ({A1, A2}, {"whole": {A1, A2}, "half": {A1}}, [("whole",)]),
        ({A1, A2}, {"one": {A1}, "two": {A2}}, [("one",), ("two",)]),
        ({A1, A2}, {"one": {A1}, "two": {A2}, "both": {A1, A2}}, [("both",)]),  # the fewest
        ({A1, A2, B}, {"a": {A1, A2}, "b": {B}}, [("a",), ("b",)]),
        ({A1, A2, B, C}, {"ab": {A1, A2, B}, "bc": {B, C}, "c": {C}}, [("ab",), ("c",)]),  # no check twice
        ({B}, {"first": {B}, "second": {B}}, [("first", "second")]),  # no check tells them apart
        (set(), {"a": {A1}}, []),
    ],
)
def test_all_failures_are_explained(failed: set[Failure], patterns: dict, names: list[tuple[str, ...]]) -> None:
    found = explain(failed, **patterns)
    assert sorted(found.misconceptions) == names
    assert found.rest == frozenset()


@pytest.mark.parametrize(
    ("failed", "patterns"),
    [
        ({A1, A2_OTHER}, {"whole": {A1, A2}}),  # another message
        ({B_LESS}, {"b": {B}}),  # other points
        ({A1}, {"whole": {A1, A2}}),  # a part of the pattern
        ({A1, A2}, {"half": {A1}}),  # a part of the task
        ({A1, A2, B}, {"a1b": {A1, B}}),  # ties the tasks A and B, and leaves a check of A
    ],
)
def test_what_does_not_fit_whole_is_not_explained(failed: set[Failure], patterns: dict) -> None:
    found = explain(failed, **patterns)
    assert found.misconceptions == ()
    assert found.rest == frozenset(failed)


def test_a_task_that_is_not_understood_does_not_hide_the_others() -> None:
    found = explain({A1, A2_OTHER, B}, b={B}, a={A1, A2})
    assert found.misconceptions == (("b",),)
    assert found.rest == {A1, A2_OTHER}


def test_what_was_left_as_handed_out_is_no_misconception() -> None:
    found = explain({A1, Failure("b", 3, "left")}, a={A1})
    assert (found.misconceptions, found.rest) == ((("a",),), frozenset())
    assert found.unanswered == {Failure("b", 3, "left")}


def test_the_patterns_come_from_running_the_wrong_answers(counting: Path, tmp_path: Path) -> None:
    told = []
    found = known("counting", counting, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert {names for names in found.patterns.values()} == {(one.name,) for one in read_mutants("counting", counting)}
    failing = "AssertionError: The values above the limit are not counted."
    share = "AssertionError: The share is not the number above the limit divided by the number of values."
    assert found.patterns[frozenset({Failure("count-test", 2, failing), Failure("share-test", 3, share)})] == (
        "limit_included",
    )
    assert {failure.said for failure in found.untouched} == {"NotImplementedError"}
    assert told[-1][0] == told[-1][1] > 0
    again = known("counting", counting, tmp_path, progress=lambda done, total: pytest.fail("It has run twice."))
    assert again.patterns == found.patterns
    assert [task.title for task in found.tasks] == ["Task 1", "Task 2", "Reflection"]
