"""Of what a failed test said, only its author's words are shown; the same failure reads the same for everyone."""

import pytest
from nbformat.v4 import new_output

from hipkit.grading.said import DELETED, PARTIAL, Author, said_by

SOURCE = """
assert f(1) == 2, "The value is too small."
assert f(2) == 3, (
    "The message goes on "
    "in a second line."
)
for x in (1, 2):
    assert f(x) > x, f"With {x} the answer {f(x):.2f} is too small."
"""
AUTHOR = Author(SOURCE)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("AssertionError: The value is too small.", "The value is too small."),
        ("AssertionError: The message goes on in a second line.", "The message goes on in a second line."),
        ("AssertionError: With 3 the answer Kari Nordmann is too small.", "With … the answer … is too small."),
        ("AssertionError: I am Kari Nordmann", "AssertionError in the student's code"),
        ("ValueError: I am Kari Nordmann", "ValueError in the student's code"),
        ("KariNordmann: hello", "an error of its own in the student's code"),
        ("AnswerError: KariNordmann: hello", "an error of its own in the student's code"),
        ("NoAnswer: Kari Nordmann", "the student's code could not be asked"),
        ("Garbled: Kari Nordmann", "what the student's code returned could not be read"),
        ("NoPoints: The test did not end with a number.", "the test did not end with a number"),
        ("TestsEnded: The tests' own process ended in this test.", "the tests' own process ended in this test"),
        ("(on stderr) Kari Nordmann was here", "something written on stderr"),
        ("NotImplementedError:", "NotImplementedError in the student's code"),
        (PARTIAL, PARTIAL),
        (DELETED, DELETED),
    ],
)
def test_only_the_author_s_words_are_shown(said: str, shown: str) -> None:
    assert AUTHOR.shown(said) == shown
    assert AUTHOR.shown(AUTHOR.same(said)) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AssertionError: With 1 the answer 0 is too small.", "AssertionError: With 2 the answer 1.25 is too small."),
        ("(on stderr) <cell 3>:5: UserWarning: x", "(on stderr) /tmp/ipykernel_1/2.py:5: UserWarning: x"),
        ("AnswerError: LinAlgError: Singular matrix", "LinAlgError: Singular matrix"),
        ("NotImplementedError: ", "NotImplementedError:"),
    ],
)
def test_the_same_failure_reads_the_same(one: str, other: str) -> None:
    assert AUTHOR.same(one) == AUTHOR.same(other)


def test_other_failures_read_differently() -> None:
    said = ["AssertionError: The value is too small.", "AssertionError: With 1 the answer 0.50 is too small.", PARTIAL]
    assert len({AUTHOR.same(one) for one in [*said, "ValueError: a", "TypeError: a"]}) == 5


def test_what_an_error_in_the_students_code_says_makes_no_difference() -> None:
    contained = "ValueError: Your code raised this error in the test."
    assert {AUTHOR.same(one) for one in ("ValueError: a", "ValueError: b", contained)} == {"ValueError"}


def test_what_a_test_says_is_its_error_or_its_stderr() -> None:
    printed = new_output("stream", name="stdout", text="Score: leak = 0.1 (lower is better)\n")
    warned = new_output("stream", name="stderr", text="careful\n")
    failed = new_output("error", ename="AssertionError", evalue="wrong")
    assert said_by([printed]) == PARTIAL
    assert said_by([printed, warned]) == "(on stderr) careful"
    assert said_by([printed, failed]) == "AssertionError: wrong"
