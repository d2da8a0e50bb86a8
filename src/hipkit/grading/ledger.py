"""Writes grades into nbgrader's gradebook, one submission at a time, and reads back what feedback and reports need.

Only one process does it. Beside nbgrader's own tables stands one more, with what nbgrader has no place for: what a
submission was graded from, what was mended, and why a person should look at it. nbgrader does not mind it.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import BaseCell, Gradebook, GradeCell, MissingEntry, SubmittedNotebook, TaskCell
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Column, Float, MetaData, Row, String, Table, Text, func, insert, select, update
from traitlets.config import Config

from hipkit.grading.extensions import enter_extension
from hipkit.grading.intake import Finding
from hipkit.grading.marking import Marked

TABLES = MetaData()
MARKINGS = Table(
    "hipkit_marking",
    TABLES,
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("refused", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("suspicions", Text, nullable=False),
    Column("seconds", Float, nullable=False),
)
SEEDS = Table(
    "hipkit_seed",
    TABLES,
    Column("assignment", String(128), primary_key=True),
    Column("seed", String(32), nullable=False),
)
SEED_BITS = 63


@dataclass(frozen=True)
class Note:
    """What is known of a submission besides its grades.

    Attributes:
        student: whose it is.
        fingerprint: what it was graded from; empty where nothing could be.
        refused: why it could not be graded, for the teacher; empty where it was.
        findings: what was mended.
        suspicions: why a person should look at it.
        seconds: how long grading took.
    """

    student: str
    fingerprint: str
    refused: str
    findings: list[Finding]
    suspicions: list[str]
    seconds: float


@dataclass(frozen=True)
class Sheet:
    """A submission's grades as feedback shows them.

    Attributes:
        scores: grade_id -> points and what could be had.
        comments: id of a cell -> the comment on it, by nbgrader or a person.
        score: sum of all points, less the penalty.
        max_score: what could be had.
        late_penalty: points taken for being late.
    """

    scores: dict[str, tuple[float, float]]
    comments: dict[str, str | None]
    score: float
    max_score: float
    late_penalty: float


def open_tables(gradebook: Gradebook) -> None:
    """Make the kit's tables in a gradebook that does not have them."""
    TABLES.create_all(gradebook.engine)


def seed(gradebook: Gradebook, slug: str) -> int:
    """The seed of an assignment's tests: drawn once, then kept, so that everybody meets the same fresh data."""
    kept = gradebook.db.execute(select(SEEDS.c.seed).where(SEEDS.c.assignment == slug)).scalar()
    if kept is None:
        kept = str(secrets.randbits(SEED_BITS))
        gradebook.db.execute(insert(SEEDS).values(assignment=slug, seed=kept))
        gradebook.db.commit()
    return int(kept)


def fix_seed(gradebook: Gradebook, slug: str, chosen: int) -> None:
    """Choose an assignment's seed before anything is graded, so that another class gets the same grades."""
    open_tables(gradebook)
    gradebook.db.execute(insert(SEEDS).values(assignment=slug, seed=str(chosen)))
    gradebook.db.commit()


def notes(gradebook: Gradebook, slug: str) -> dict[str, Note]:
    """Student -> what is known of the submission besides its grades."""
    open_tables(gradebook)
    rows = gradebook.db.execute(select(MARKINGS).where(MARKINGS.c.assignment == slug)).mappings()
    return {row["student"]: _note(row) for row in rows}


def note(gradebook: Gradebook, slug: str, student: str) -> Note:
    """What is known of one student's submission, which is in the gradebook."""
    key = (MARKINGS.c.assignment == slug) & (MARKINGS.c.student == student)
    return _note(gradebook.db.execute(select(MARKINGS).where(key)).mappings().one())


def _note(row: dict) -> Note:
    fields = {name: row[name] for name in ("student", "fingerprint", "refused", "seconds")}
    findings = [Finding(**one) for one in json.loads(row["findings"])]
    return Note(findings=findings, suspicions=json.loads(row["suspicions"]), **fields)


def record(
    gradebook: Gradebook, slug: str, marked: Marked, submitted: datetime | None, fingerprint: str, config: Config
) -> None:
    """Enter a graded submission: points, comments, late penalty and note, in one transaction.

    nbgrader makes the rows for it before, in transactions of its own. Until the note is there, it counts as not graded.

    Points that a person gave stay, and are marked to be looked at again, as nbgrader does.

    Args:
        gradebook: the course's.
        slug: the assignment, which is in the gradebook.
        marked: what grading gave.
        submitted: when it was handed in, UTC without a zone; None where it is not known.
        fingerprint: what it was graded from.
        config: the course's settings, which say what being late costs.
    """
    notebook = _row(gradebook, slug, marked.student, submitted)
    cells = _cells(gradebook, notebook)
    for grade in notebook.grades:
        grade.auto_score = marked.points.get(cells[grade.cell_id].name, 0.0)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        comment.auto_comment = "No response." if cells[comment.cell_id].name in marked.unanswered else None
    penalise(gradebook, slug, marked.student, config)
    enter(gradebook, slug, Note(marked.student, fingerprint, "", marked.findings, marked.suspicions, marked.seconds))
    gradebook.db.commit()


def refuse(gradebook: Gradebook, slug: str, student: str, fingerprint: str, finding: Finding) -> None:
    """Enter a submission that could not be graded: no points, nothing left open, and the reason."""
    notebook = _row(gradebook, slug, student, None)
    for grade in notebook.grades:
        grade.auto_score, grade.needs_manual_grade = 0.0, grade.manual_score is not None
    notebook.late_submission_penalty = None
    enter(gradebook, slug, Note(student, fingerprint, finding.teacher, [finding], [], 0.0))
    gradebook.db.commit()


def _row(gradebook: Gradebook, slug: str, student: str, submitted: datetime | None) -> SubmittedNotebook:
    try:
        gradebook.find_student(student)
    except MissingEntry:
        gradebook.add_student(student)
    timestamp = {} if submitted is None else {"timestamp": submitted}
    submission = gradebook.update_or_create_submission(slug, student, **timestamp)
    (notebook,) = [one for one in submission.notebooks if one.name == slug]
    return notebook


def _cells(gradebook: Gradebook, notebook: SubmittedNotebook) -> dict[str, Row]:
    """Id of a cell in the gradebook -> its `name` and what it is `worth`.

    One query, where nbgrader's own objects make one or two for each grade of each submission.
    """
    cells, graded, tasks = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    joined = cells.outerjoin(graded, graded.c.id == cells.c.id).outerjoin(tasks, tasks.c.id == cells.c.id)
    worth = func.coalesce(graded.c.max_score, tasks.c.max_score).label("worth")
    query = select(cells.c.id, cells.c.name, worth).select_from(joined)
    rows = gradebook.db.execute(query.where(cells.c.notebook_id == notebook.notebook_id))
    return {row.id: row for row in rows}


def penalise(gradebook: Gradebook, slug: str, student: str, config: Config) -> None:
    """Enter what being late costs, by the due date and the extension as they are now; the caller commits.

    As nbgrader's step AssignLatePenalties, which would open the gradebook once more for each submission.
    """
    gradebook.db.flush()
    notebook = gradebook.find_submission_notebook(slug, slug, student)
    enter_extension(notebook.assignment, Path(config.CourseDirectory.root))
    late, penalty = notebook.assignment.total_seconds_late, None
    if late > 0:
        gradebook.db.flush()
        gradebook.db.refresh(notebook)
        step = AssignLatePenalties(config=config)
        step.init_plugin()
        penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, late)
        penalty = penalty if penalty is None else step._check_late_penalty(notebook, penalty)
    notebook.late_submission_penalty = penalty


def enter(gradebook: Gradebook, slug: str, note: Note) -> None:
    """Enter what is known of a submission besides its grades; the caller commits."""
    key = (MARKINGS.c.assignment == slug) & (MARKINGS.c.student == note.student)
    fields = {"fingerprint": note.fingerprint, "refused": note.refused, "seconds": note.seconds}
    fields["findings"] = json.dumps([asdict(one) for one in note.findings], ensure_ascii=False)
    fields["suspicions"] = json.dumps(note.suspicions, ensure_ascii=False)
    if gradebook.db.execute(update(MARKINGS).where(key).values(**fields)).rowcount == 0:
        gradebook.db.execute(insert(MARKINGS).values(assignment=slug, student=note.student, **fields))


def sheet(gradebook: Gradebook, slug: str, student: str) -> Sheet:
    """The grades of a submission that is in the gradebook."""
    notebook = gradebook.find_submission_notebook(slug, slug, student)
    cells = _cells(gradebook, notebook)
    penalty = notebook.late_submission_penalty or 0.0
    return Sheet(
        scores={cells[grade.cell_id].name: (grade.score, cells[grade.cell_id].worth) for grade in notebook.grades},
        comments={cells[comment.cell_id].name: comment.comment for comment in notebook.comments},
        score=notebook.score - penalty,
        max_score=notebook.max_score,
        late_penalty=penalty,
    )
