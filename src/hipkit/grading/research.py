"""An export for research on learning: pseudonyms, no free text, no time finer than a day, no small cells.

What it does and does not protect stands in `research.md.j2`, which is written beside the data.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hipkit.errors import KitError
from hipkit.grading.classbook import graded, open_gradebook, students
from hipkit.grading.misconceptions import Explained
from hipkit.grading.pseudonyms import KEY, pseudonym, read_key
from hipkit.grading.report import ClassReport, report_on
from hipkit.grading.results import RESULTS
from hipkit.grading.small_cells import merge_neighbours, withhold_rare
from hipkit.grading.spreadsheets import Value, write_csv
from hipkit.grading.tasks import Task
from hipkit.paths import ASSIGNMENTS, BOOK

TEMPLATE = "research.md.j2"
# Some offices ask for five persons in a cell, others for three (OECD Glossary of Statistical Terms, "Threshold rule",
# https://stats.oecd.org/glossary/detail.asp?ID=7010). The stricter one.
LEAST = 5
WITHHELD = "withheld"
PARTICIPANTS = {
    "participant": "pseudonym of a student, the same in all tables and assignments of this course",
    "assignment": "name of the assignment",
    "points_from": "the student's points lie from here ...",
    "points_to": "... to here; a range that at least {k} students share",
    "handed_in_from": "the student handed in from this day ...",
    "handed_in_to": "... to this day (ISO 8601, UTC); a range that at least {k} students share; empty where not known",
}
OUTCOMES = {
    "participant": "pseudonym of a student, the same in all tables and assignments of this course",
    "assignment": "name of the assignment",
    "task": "heading of the task",
    "outcome": "'all points'; 'not answered'; 'misconception: ...' where the graders recognise one; 'other' for any "
    "other loss of points; 'withheld' for any value that fewer than {k} students have in this task",
}
# Provisions in book/law.yml that the README quotes.
LAW = ("gdpr-recital-26", "gdpr-5-1-c", "gdpr-89")


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        folder: where.
        participants: how many students are in it.
        withheld: share of the outcomes that is withheld, 0 to 1.
        key: the file that undoes the pseudonyms.
    """

    folder: Path
    participants: int
    withheld: float
    key: Path


def export_research(
    slugs: Iterable[str],
    folder: Path,
    without: Iterable[str] = (),
    course_root: Path = ASSIGNMENTS,
    kept: Path = RESULTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Exported:
    """Write `participants.csv`, `outcomes.csv`, `dictionary.csv` and `README.md`.

    Args:
        slugs: the assignments.
        folder: where the files go; made where it is not there.
        without: ids of students who are not to be in it.
        course_root: the nbgrader course; the key to the pseudonyms stands there.
        kept: where the selftest keeps its results.
        progress: as for `hipkit.grading.report.report_on`.

    Raises:
        KitError: an assignment has fewer graded submissions than a cell must have, the key cannot be used, or the
            gradebook does not know who is not to be in it.
    """
    key = read_key(course_root)
    left_out = set(without)
    with open_gradebook(course_root) as gradebook:
        if unknown := left_out - {one.id for one in students(gradebook)}:
            raise KitError(f"Who is to be left out is not in the gradebook: {', '.join(sorted(unknown))}.")
    reports = [_without(report_on(slug, course_root, kept, progress), left_out) for slug in slugs]
    participants: list[list[Value]] = []
    outcomes: list[list[Value]] = []
    for report in reports:
        if (number := len(report.submissions)) < LEAST:
            raise KitError(
                f"{report.slug!r} has {number} graded submissions. With fewer than {LEAST}, nobody in such an export "
                "would be one of several."
            )
        names = [pseudonym(key, "research", one.student.id) for one in report.submissions]
        participants += _participants(report, names, course_root)
        outcomes += _outcomes(report, names)
    folder.mkdir(parents=True, exist_ok=True)
    # The pseudonyms' order is nobody's.
    write_csv(folder / "participants.csv", list(PARTICIPANTS), sorted(participants, key=_place))
    write_csv(folder / "outcomes.csv", list(OUTCOMES), sorted(outcomes, key=_place))
    tables = {"participants.csv": PARTICIPANTS, "outcomes.csv": OUTCOMES}
    meaning = [[table, name, text.format(k=LEAST)] for table, fields in tables.items() for name, text in fields.items()]
    write_csv(folder / "dictionary.csv", ["table", "column", "meaning"], meaning)
    found = len({row[0] for row in participants})
    withheld = sum(row[3] == WITHHELD for row in outcomes) / len(outcomes)
    _write_readme(folder, [report.slug for report in reports], found, withheld)
    return Exported(folder, found, withheld, course_root / KEY)


def _without(report: ClassReport, left_out: set[str]) -> ClassReport:
    return replace(report, submissions=[one for one in report.submissions if one.student.id not in left_out])


def _participants(report: ClassReport, names: list[str], course_root: Path) -> list[list[Value]]:
    with open_gradebook(course_root) as gradebook:
        times = {one.student.id: one.handed_in for one in graded(gradebook, report.slug)}
    days = [time.date() if (time := times[one.student.id]) else None for one in report.submissions]
    known = [day for day in days if day]
    # Where some days are not known, that too would be a value that few have.
    spans = merge_neighbours(known, LEAST) if len(known) == len(days) else [(None, None)] * len(days)
    points = merge_neighbours(report.totals(), LEAST)
    return [
        [name, report.slug, low, high, _text(first), _text(last)]
        for name, (low, high), (first, last) in zip(names, points, spans, strict=True)
    ]


def _outcomes(report: ClassReport, names: list[str]) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for place, task in enumerate(report.known.tasks):
        if place not in report.counted:
            continue
        found = [_outcome(task, one.points[place], one.explained, report) for one in report.submissions]
        kept = withhold_rare(found, LEAST, WITHHELD)
        rows += [[name, report.slug, task.title, value] for name, value in zip(names, kept, strict=True)]
    return rows


def _outcome(task: Task, points: float | None, explained: Explained, report: ClassReport) -> str:
    if points == task.points:
        return "all points"
    tests = set(task.tests)
    if tests and tests <= {failure.test for failure in explained.unanswered}:
        return "not answered"
    touching = [
        names
        for names in explained.misconceptions
        if any(tests & set(report.known.mutants[name].loses) for name in names)
    ]
    if not touching or tests & {failure.test for failure in explained.rest}:
        return "other"
    named = sorted(" or ".join(report.known.mutants[name].misconception for name in names) for names in touching)
    return f"misconception: {'; '.join(named)}"


def _write_readme(folder: Path, slugs: list[str], participants: int, withheld: float) -> None:
    provisions = yaml.safe_load((BOOK / "law.yml").read_text(encoding="utf-8"))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # it is Markdown
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    text = environment.get_template(TEMPLATE).render(
        slugs=slugs,
        participants=participants,
        withheld=withheld,
        least=LEAST,
        key=KEY,
        today=date.today().isoformat(),
        law=[one for one in provisions if one["id"] in LAW],
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _place(row: list[Value]) -> tuple[str, str]:
    return str(row[1]), str(row[0])


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
