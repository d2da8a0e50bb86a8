"""Item analysis against numbers worked out by hand."""

import numpy as np
import pytest

from hipkit.grading.items import FEWEST, analyse, chance


def test_difficulty_and_discrimination() -> None:
    # Two tasks that rise together, one that falls, one that all have.
    first = np.arange(10) / 9 * 2
    points = np.column_stack([first, first * 2, 3 - first / 2, np.full(10, 1.0)])
    found = analyse(points, np.array([2.0, 4.0, 3.0, 1.0]))
    assert [one.share for one in found] == pytest.approx([0.5, 0.5, 2.5 / 3, 1.0])
    assert [found[place].discrimination for place in range(3)] == pytest.approx([1.0, 1.0, -1.0])
    assert found[3].discrimination is None


def test_the_task_itself_is_not_in_the_sum() -> None:
    # Independent tasks correlate with a sum that holds them, and not with the others.
    points = np.random.default_rng(1).integers(0, 2, (2000, 3)).astype(float)
    found = analyse(points, np.ones(3))
    assert np.corrcoef(points[:, 0], points.sum(axis=1))[0, 1] > 0.5
    assert abs(found[0].discrimination) < 2 * chance(2000)


def test_few_submissions_give_no_correlation() -> None:
    points = np.random.default_rng(1).random((FEWEST - 1, 3))
    assert [one.discrimination for one in analyse(points, np.ones(3))] == [None] * 3


def test_chance_is_where_nineteen_of_twenty_classes_are() -> None:
    rng = np.random.default_rng(7)
    found = [np.corrcoef(rng.normal(size=(2, 30)))[0, 1] for _ in range(4000)]
    assert np.mean(np.abs(found) < chance(30)) == pytest.approx(0.95, abs=0.01)
