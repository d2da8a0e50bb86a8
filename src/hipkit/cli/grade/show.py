"""What the grading commands show on a terminal."""

from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

T = TypeVar("T")


def with_bar(screen: Console, name: str, work: Callable[[Callable[[int, int], None]], T]) -> T:
    """Do `work`, which gets a function to call with how much is done and how much there is, under a bar."""
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)
        return work(lambda done, total: bar.update(task, completed=done, total=total))


def lost(points: dict[str, set[float]]) -> str:
    """Points lost by test cell, as text; "everything" where each test takes some."""
    shown = [f"{test} {span(lost)}" for test, lost in points.items() if lost != {0}]
    return "everything" if len(shown) == len(points) else ", ".join(shown)


def span(points: set[float]) -> str:
    return f"{min(points):g}" if len(points) == 1 else f"{min(points):g} to {max(points):g}"
