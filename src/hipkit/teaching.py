"""Small helpers for labs and assignments. What a lab teaches stands in the lab, not here."""

import os
from collections.abc import Callable
from typing import Literal

import numpy as np


def fresh_rng() -> np.random.Generator:
    """A random generator that is fresh at every call, or seeded where the grader wants the same draws twice.

    The environment variable HIPKIT_GRADING_SEED, a whole number, fixes it.
    """
    seed = os.environ.get("HIPKIT_GRADING_SEED")
    return np.random.default_rng(int(seed) if seed else None)


def repeat(times: int, function: Callable, *arguments: object) -> list:
    """The results of calling a function so often with the same arguments.

    Tests that draw a sample call a student's function thousands of times. Where the function stands in another process,
    this asks for all of them at once.
    """
    many = getattr(function, "__repeated__", None)
    return many(times, arguments) if many else [function(*arguments) for _ in range(times)]


def show_score(name: str, value: float, better: Literal["lower", "higher"]) -> None:
    """Say how well an answer does where there is no right and wrong: a test prints it, the grade report compares it.

    Args:
        name: what is measured, without an equals sign, the same for everybody.
        value: the measure; the same for the same answer, so that students can be compared.
        better: which way is better.

    Raises:
        ValueError: `better` is neither "lower" nor "higher", or `name` has an equals sign.
    """
    if better not in ("lower", "higher") or "=" in name:
        raise ValueError(f'better is "lower" or "higher", not {better!r}, and the name {name!r} has no "=".')
    print(f"Score: {name} = {value:.4g} ({better} is better)")


def self_check(value: object, right: Callable[[object], bool], hint: str, praise: str = "That is right.") -> None:
    """Say whether an answer is right and, where it is not, what to think of.

    Args:
        value: the reader's answer; `...` or None means not answered yet.
        right: called with the answer; True if it is right.
        hint: what helps when it is not. It never gives the answer away.
        praise: said when it is right.
    """
    if value is None or value is ...:
        print(f"Not answered yet. Hint: {hint}")
    else:
        try:
            found = right(value)
        except (TypeError, ValueError, AttributeError):
            print("This is not of the kind that was asked for. Write a number like 2.5, with a point.")
            return
        print(praise if found else f"Not yet. Hint: {hint}")
