"""Checks of the course. One file a check; each finds what is wrong and says how to mend it."""

from hipkit.checks import (
    alt_texts,
    bibliography,
    front_matter,
    identity_numbers,
    law,
    links,
    notebooks,
    origins,
    outcomes,
    slugs,
    typed_numbers,
)
from hipkit.checks.model import Check, Finding

__all__ = ["ALL", "Check", "Finding"]

ALL: tuple[Check, ...] = (
    front_matter.CHECK,
    slugs.CHECK,
    outcomes.CHECK,
    notebooks.CHECK,
    typed_numbers.CHECK,
    alt_texts.CHECK,
    bibliography.CHECK,
    law.CHECK,
    links.CHECK,
    identity_numbers.CHECK,
    origins.CHECK,
)
