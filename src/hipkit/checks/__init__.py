"""Checks of the course. One file a check; each finds what is wrong and says how to mend it."""

from hipkit.checks import (
    alt_texts,
    assignments,
    bibliography,
    front_matter,
    glossary,
    identity_numbers,
    law,
    lessons,
    links,
    notebooks,
    origins,
    outcomes,
    slugs,
    typed_numbers,
)
from hipkit.checks.model import Check, Finding, findings_of

__all__ = ["ALL", "Check", "Finding", "findings_of"]

ALL: tuple[Check, ...] = (
    front_matter.CHECK,
    slugs.CHECK,
    lessons.CHECK,
    assignments.CHECK,
    outcomes.CHECK,
    notebooks.CHECK,
    typed_numbers.CHECK,
    alt_texts.CHECK,
    bibliography.CHECK,
    law.CHECK,
    glossary.CHECK,
    links.CHECK,
    identity_numbers.CHECK,
    origins.CHECK,
)
