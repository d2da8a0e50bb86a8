"""Takes the grades to where teachers work: Canvas's gradebook, CSV, XLSX."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hipkit.course import load_course
from hipkit.errors import KitError
from hipkit.grading.canvas import POINTS_POSSIBLE, READ_ONLY, Enrolled, doubles, read_canvas
from hipkit.grading.classbook import Graded, Student, graded, open_gradebook, points_of, students
from hipkit.grading.spreadsheets import Value, write_csv, write_xlsx
from hipkit.paths import ASSIGNMENTS

HEADER = ["assignment", "student_id", "last_name", "first_name", "email", "handed_in", "score", "max_score"]
HEADER += ["late_penalty", "to_be_read"]


@dataclass(frozen=True)
class ForCanvas:
    """What a file for Canvas holds and what it leaves out.

    Attributes:
        columns: slug -> the heading in Canvas.
        new: slugs that no assignment in Canvas has; Canvas makes one.
        written: how many students have a grade in it.
        waiting: who has a text that a person has still to read, by slug; their grades are left as Canvas has them.
        unmatched: who has a grade and is not found in Canvas.
    """

    columns: dict[str, str]
    new: list[str]
    written: int
    waiting: dict[str, list[Student]]
    unmatched: list[Student]


def export_table(slugs: Iterable[str], path: Path, course_root: Path = ASSIGNMENTS) -> None:
    """Write one row a student and assignment, as XLSX where the path ends so, else as CSV.

    `score` is what nbgrader exports: all points less the penalty. It is empty for who has handed in nothing.

    Raises:
        KitError: there is no gradebook.
    """
    rows: list[list[Value]] = []
    with open_gradebook(course_root) as gradebook:
        for slug in slugs:
            found = {one.student.id: one for one in graded(gradebook, slug)}
            worth = points_of(gradebook, slug)
            rows += [_row(slug, student, found.get(student.id), worth) for student in students(gradebook)]
    (write_xlsx if path.suffix == ".xlsx" else write_csv)(path, HEADER, rows)


def export_canvas(slugs: Iterable[str], downloaded: Path, path: Path, course_root: Path = ASSIGNMENTS) -> ForCanvas:
    """Write a file for Canvas's Grades → Import.

    It has the columns by which Canvas knows students, as Canvas wrote them, and one column an assignment. Only students
    who get a grade have a row, for an empty cell would take a grade away.

    Args:
        slugs: the assignments.
        downloaded: the gradebook that a teacher has downloaded from Canvas.
        path: where the file goes.
        course_root: the nbgrader course.

    Raises:
        KitError: the download is not Canvas's, an assignment has other points there, or two students are one there.
    """
    canvas = read_canvas(downloaded)
    with open_gradebook(course_root) as gradebook:
        found = {slug: graded(gradebook, slug) for slug in slugs}
        worth = {slug: points_of(gradebook, slug) for slug in found}
    titles = {module.slug: module.title for module in load_course().modules}
    names = {slug: titles.get(slug, slug) for slug in found}
    there = {slug: canvas.column({slug, names[slug]}) for slug in found}
    for slug, heading in there.items():
        if heading:
            _require_points(heading, canvas.assignments[heading], worth[slug])
    headings = {slug: heading or names[slug] for slug, heading in there.items()}
    ready = {slug: {one.student: one.score for one in rows if one.complete} for slug, rows in found.items()}
    places = {student: canvas.find(student) for scores in ready.values() for student in scores}
    rows = _canvas_rows({student: one for student, one in places.items() if one}, headings, ready)
    points = [f"    {POINTS_POSSIBLE}", *[""] * (len(canvas.header) - 1), *(_number(worth[slug]) for slug in found)]
    write_csv(path, [*canvas.header, *headings.values()], [points, *rows], mark=False)
    return ForCanvas(
        columns=headings,
        new=[slug for slug, heading in there.items() if heading is None],
        written=len(rows),
        waiting={slug: [one.student for one in rows if not one.complete] for slug, rows in found.items()},
        unmatched=sorted((student for student, one in places.items() if one is None), key=lambda one: one.id),
    )


def _canvas_rows(
    places: dict[Student, Enrolled], headings: dict[str, str], ready: dict[str, dict[Student, float]]
) -> list[list[Value]]:
    """The rows of the students who get a grade; in an assignment in which they get none, what Canvas has."""
    if same := doubles(one.id for one in places.values()):
        ours = sorted(student.id for student, one in places.items() if one.id in same)
        raise KitError(
            f"These are one and the same student in Canvas: {', '.join(ours)}. Remove the one that is wrong."
        )
    return [
        [
            *enrolled.cells,
            *(
                _number(found[student]) if student in found else enrolled.grades.get(headings[slug], "")
                for slug, found in ready.items()
            ),
        ]
        for student, enrolled in sorted(places.items(), key=lambda item: item[1].name)
    ]


def _require_points(heading: str, possible: str, worth: float) -> None:
    if possible == READ_ONLY:
        raise KitError(f"Canvas lets nobody write into {heading!r}. Rename it, or the assignment that you mean.")
    if possible and possible.replace(",", ".") != _number(worth):
        raise KitError(
            f"{heading!r} has {possible} points in Canvas and {worth:g} here. Change its points in Canvas to "
            f"{worth:g}, download the gradebook again, and give that file."
        )


def _number(value: float) -> str:
    """A number as Canvas writes it: with two decimals, after a point."""
    return f"{value:.2f}"


def _row(slug: str, student: Student, one: Graded | None, worth: float) -> list[Value]:
    who = [slug, student.id, student.last_name, student.first_name, student.email]
    if one is None:
        return [*who, "no", None, worth, None, "no"]
    return [*who, "yes", round(one.score, 6), worth, one.penalty, "no" if one.complete else "yes"]
