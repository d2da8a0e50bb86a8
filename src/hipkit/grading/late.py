"""What it costs to hand in late: nbgrader's plugin for it, by the rules in `assignments/policy.toml`.

`nbgrader_config.py` puts both classes into `nbgrader autograde`, in nbgrader's own places.
"""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Unicode

from hipkit.errors import KitError
from hipkit.grading.extensions import enter_extension
from hipkit.paths import ASSIGNMENTS

POLICY = "policy.toml"
DAY = 24 * 3600  # seconds


@dataclass(frozen=True)
class Policy:
    """The rules for late work.

    Attributes:
        grace_minutes: so late still counts as in time.
        percent_a_day: of the points earned, taken off for each 24 hours that have begun since the due date.
        floor_percent: of the points earned, what stays however late it is.
    """

    grace_minutes: float = 0
    percent_a_day: float = 0
    floor_percent: float = 0

    def penalty(self, score: float, seconds_late: float) -> float:
        """The points to take off a work that earned `score` points and came in so many seconds after its due date."""
        if seconds_late <= 60 * self.grace_minutes:
            return 0.0
        percent = min(self.percent_a_day * math.ceil(seconds_late / DAY), 100 - self.floor_percent)
        return score * percent / 100


def read_policy(path: Path) -> Policy:
    """The rules in a policy file; that nothing is taken off where there is no file.

    Raises:
        KitError: the file is malformed; the message says what to write.
    """
    if not path.is_file():
        return Policy()
    try:
        rules = tomllib.loads(path.read_text(encoding="utf-8")).get("late", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KitError(f"{path} is not valid TOML ({error}). Correct it.") from error
    known = Policy.__dataclass_fields__
    for name, value in rules.items():
        if name not in known:
            raise KitError(f"{path}: there is no rule {name!r} for late work. The rules are {', '.join(known)}.")
        most = 100 if "percent" in name else math.inf
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            limit = "from 0 to 100" if most == 100 else "not below 0"
            raise KitError(f"{path}: {name} is {value!r}. Write a number {limit}.")
    return Policy(**rules)


class LatePolicy(LateSubmissionPlugin):
    """nbgrader's plugin for late work, by the course's policy file."""

    file = Unicode(str(ASSIGNMENTS / POLICY), help="The file with the rules.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """The points to take off; nbgrader asks for each notebook that came in after its due date."""
        return read_policy(Path(self.file)).penalty(score, total_seconds_late)


class ExtendThenPenalise(AssignLatePenalties):
    """nbgrader's step for late work, after the student's extension has been entered in the gradebook.

    An extension is granted before the student hands in, and nbgrader has no place for it before.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """See nbgrader."""
        about = resources["nbgrader"]
        root = Path(self.config.CourseDirectory.get("root") or Path.cwd())
        with Gradebook(about["db_url"]) as gradebook:
            enter_extension(gradebook.find_submission(about["assignment"], about["student"]), root)
            gradebook.db.commit()
        return super().preprocess(nb, resources)
