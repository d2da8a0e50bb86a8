"""The class report as a page and as a table. Without names, nothing on them says who is who."""

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean, median

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hipkit.course import Module, load_course
from hipkit.grading.charts import Histogram, histogram
from hipkit.grading.handed_in import PAUSE_MINUTES
from hipkit.grading.items import FEWEST, chance
from hipkit.grading.misconceptions import Pattern
from hipkit.grading.mutants import Mutant
from hipkit.grading.pseudonyms import numbered, read_key
from hipkit.grading.report import ClassReport, Submission
from hipkit.grading.similar import MANY
from hipkit.grading.spreadsheets import Value, write_csv
from hipkit.paths import ASSIGNMENTS, BUILD

TEMPLATE = "report.html.j2"
# A notebook whose cells were all run within this time was run once more from the top before it was handed in.
IN_ONE_GO_MINUTES = 5
PAIRS_SHOWN = 20


@dataclass(frozen=True)
class Shown:
    """A misconception, or several that no check tells apart, and how many show it."""

    mutants: tuple[Mutant, ...]
    students: list[str]  # as the page names them
    links: list[tuple[str, str]]  # words, address from the page or ""


@dataclass(frozen=True)
class Unexplained:
    """Failed checks that no wrong answer explains."""

    checks: list[tuple[str, str, float, str]]  # title of the task, grade_id of the test, points lost, what it said
    students: list[str]


@dataclass(frozen=True)
class Board:
    """One score of the class."""

    name: str
    better: str
    values: list[float]
    chart: Histogram

    @property
    def best(self) -> float:
        return min(self.values) if self.better == "lower" else max(self.values)

    @property
    def median(self) -> float:
        return median(self.values)


def write_report(
    report: ClassReport, folder: Path, names: bool = False, course_root: Path = ASSIGNMENTS
) -> tuple[Path, Path]:
    """Write `report.html` and `report.csv`.

    Args:
        report: what is known.
        folder: where the files go; made where it is not there.
        names: say who is who. Otherwise students have numbers in an order that only the holder of the key can undo.
        course_root: where the key to the pseudonyms stands.

    Raises:
        KitError: other users can read the key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / "report.html", folder / "report.csv"
    called = _called(report, names, course_root)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
    )
    page.write_text(
        environment.get_template(TEMPLATE).render(_context(report, called, names, folder)), encoding="utf-8"
    )
    header, rows = _table(report, called, names)
    write_csv(table, header, rows)
    return page, table


def _called(report: ClassReport, names: bool, course_root: Path) -> dict[str, str]:
    everybody = [one.student for one in report.submissions] + report.ungraded + report.missing
    if names:
        return {student.id: f"{student.name} ({student.id})" for student in everybody}
    return numbered(read_key(course_root), f"report {report.slug}", [student.id for student in everybody])


def _context(report: ClassReport, called: dict[str, str], names: bool, folder: Path) -> dict[str, object]:
    module = next((one for one in load_course().modules if one.slug == report.slug), None)
    totals = report.totals()
    worth = sum(task.points for task in report.tasks)
    return {
        "title": module.title if module else report.slug,
        "slug": report.slug,
        "today": date.today().isoformat(),
        "names": names,
        "handed_in": len(report.submissions) + len(report.ungraded),
        "graded": len(report.submissions),
        "ungraded": [
            (called[one.id], report.refused.get(one.id, ""))
            for one in sorted(report.ungraded, key=lambda one: called[one.id])
        ],
        "missing": sorted(called[one.id] for one in report.missing),
        "to_read": sum(one.to_read for one in report.submissions),
        "left_out": [task.title for place, task in enumerate(report.known.tasks) if place not in report.counted],
        "worth": worth,
        "points": histogram(totals, 0.0, worth) if totals else None,
        "mean": mean(totals) if totals else None,
        "median": median(totals) if totals else None,
        "tasks": list(zip(report.tasks, report.items, strict=False)),
        "fewest": FEWEST,
        "chance": chance(len(totals)) if len(totals) >= FEWEST else None,
        "misconceptions": _misconceptions(report, called, folder),
        "unexplained": _unexplained(report, called),
        "unanswered": _unanswered(report),
        "boards": _boards(report.submissions),
        "time": _time(report.submissions),
        "planned": module.minutes["assignment"] if module else None,
        "in_one_go": IN_ONE_GO_MINUTES,
        "pause": PAUSE_MINUTES,
        "suspicions": sorted(
            ((called[student], reasons) for student, reasons in report.suspicions.items() if student in called),
            key=lambda item: _order(item[0]),
        ),
        "pairs": [
            (*sorted((called[pair.first], called[pair.second]), key=_order), pair)
            for pair in report.pairs[:PAIRS_SHOWN]
        ],
        "pairs_left_out": max(0, len(report.pairs) - PAIRS_SHOWN),
        "many": MANY,
    }


def _misconceptions(report: ClassReport, called: dict[str, str], folder: Path) -> list[Shown]:
    modules = {module.slug: module for module in load_course().modules}
    return [
        Shown(mutants, [called[student] for student in students], _links(mutants, modules, report.slug, folder))
        for mutants, students in report.misconceptions()
    ]


def _links(mutants: tuple[Mutant, ...], modules: dict[str, Module], home: str, folder: Path) -> list[tuple[str, str]]:
    """Where to read again: the heading in words, and the way from the folder to the built page where it is there."""
    found = []
    for revisit in dict.fromkeys(mutant.revisit for mutant in mutants):
        slug, _, anchor = revisit.partition("#")
        if (module := modules.get(slug)) is None:
            found.append((f"{slug}: {anchor}", ""))
            continue
        built = BUILD / "html" / "book" / module.part / f"{slug}.html"
        address = f"{Path(os.path.relpath(built, folder)).as_posix()}#{anchor}" if built.is_file() else ""
        elsewhere = "" if slug == home else f" ({module.title})"
        found.append((_heading(module, anchor) + elsewhere, address))
    return found


def _heading(module: Module, anchor: str) -> str:
    """The heading of a lesson to which an anchor leads."""
    for line in module.lesson.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") and re.sub(r"\W+", "-", line.lstrip("# ").lower()).strip("-") == anchor:
            return line.lstrip("# ")
    return anchor


def _unexplained(report: ClassReport, called: dict[str, str]) -> list[Unexplained]:
    titles = {test: task.title for task in report.known.tasks for test in task.tests}
    found: dict[tuple, list[str]] = {}
    for submission in report.submissions:
        if rest := submission.explained.rest:
            key = tuple(
                (titles[one.test], one.test, one.lost, report.known.authors[one.test].shown(one.said))
                for one in sorted(rest)
            )
            found.setdefault(key, []).append(called[submission.student.id])
    return sorted(
        (Unexplained(list(key), students) for key, students in found.items()), key=lambda one: -len(one.students)
    )


def _unanswered(report: ClassReport) -> list[tuple[str, int]]:
    """Title of a task and how many left it as it was handed out, of tasks that some did."""
    counts = [
        (task.title, sum(_left(one.explained.unanswered, set(task.tests)) for one in report.submissions))
        for task in report.known.tasks
        if task.tests
    ]
    return [(title, count) for title, count in counts if count]


def _left(unanswered: Pattern, tests: set[str]) -> bool:
    return tests <= {failure.test for failure in unanswered}


def _boards(submissions: list[Submission]) -> list[Board]:
    values: dict[tuple[str, str], list[float]] = {}
    for one in submissions:
        for score in one.scores:
            values.setdefault((score.name, score.better), []).append(score.value)
    return [
        Board(name, better, sorted(found), histogram(found, min(found), max(found)))
        for (name, better), found in values.items()
    ]


def _time(submissions: list[Submission]) -> dict[str, object]:
    timed = [one.minutes for one in submissions if one.minutes is not None]
    long = [minutes for minutes in timed if minutes > IN_ONE_GO_MINUTES]
    return {
        "timed": len(timed),
        "in_one_go": len(timed) - len(long),
        "counted": len(long),
        "median": median(long) if long else None,
        "chart": histogram(long, 0.0, max(long)) if long else None,
    }


def _table(report: ClassReport, called: dict[str, str], names: bool) -> tuple[list[str], list[list[Value]]]:
    who = ["id", "first_name", "last_name"] if names else ["student"]
    titles = [f"{task.title} ({task.points:g})" for task in report.known.tasks]
    header = [*who, *titles, "to_be_read", "misconceptions", "checks_unexplained", "checks_unanswered", "minutes"]
    rows: list[list[Value]] = []
    for one in sorted(report.submissions, key=lambda one: _order(called[one.student.id])):
        student = one.student
        identity = [student.id, student.first_name, student.last_name] if names else [called[student.id]]
        named = "; ".join(
            " or ".join(report.known.mutants[name].misconception for name in names)
            for names in one.explained.misconceptions
        )
        rest, unanswered = len(one.explained.rest), len(one.explained.unanswered)
        minutes = None if one.minutes is None else round(one.minutes)
        rows.append([*identity, *one.points, "yes" if one.to_read else "no", named, rest, unanswered, minutes])
    return header, rows


def _order(called: str) -> tuple[int, str]:
    """Student 2 before Student 10."""
    return len(called) if called.startswith("Student ") else 0, called
