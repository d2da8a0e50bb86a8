"""What comes in from students: looked at, sorted into nbgrader's folders, accepted or refused in words."""

from hipkit.grading.intake.collecting import Collected, collect
from hipkit.grading.intake.findings import Finding, Refused
from hipkit.grading.intake.submission import Examined, examine

__all__ = ["Collected", "Examined", "Finding", "Refused", "collect", "examine"]
