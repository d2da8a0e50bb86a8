"""How hard each task was for the class, and whether it tells strong work from weak."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

# With fewer submissions a correlation says nothing.
FEWEST = 8


@dataclass(frozen=True)
class Item:
    """One task of an item analysis.

    Attributes:
        share: mean share of the task's points, 0 to 1.
        discrimination: corrected item-total correlation, -1 to 1: of the points of this task with the sum of all
            others. None where there are too few submissions, or where one of the two does not vary.
    """

    share: float
    discrimination: float | None


def analyse(points: np.ndarray, worth: np.ndarray) -> list[Item]:
    """Difficulty and discrimination of each task.

    Args:
        points: float array of shape (submissions, tasks).
        worth: float array of shape (tasks,), what could be had.

    Returns:
        One item a task. The correlation is corrected by leaving the item out of the sum: S. Henrysson, "Correction of
        item-total correlations in item analysis", Psychometrika 28, 1963, 211-218.
    """
    rest = points.sum(axis=1, keepdims=True) - points
    return [
        Item(float(points[:, task].mean() / worth[task]), _correlation(points[:, task], rest[:, task]))
        for task in range(len(worth))
    ]


def chance(submissions: int) -> float:
    """How far from 0 a correlation comes by chance in 19 of 20 classes of this size, where there is none (normal
    approximation of its distribution, with standard error 1 / sqrt(n - 1))."""
    return 1.96 / sqrt(submissions - 1)


def _correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    if len(one) < FEWEST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])
