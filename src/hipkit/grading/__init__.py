"""Grading with nbgrader: quick, contained, and with the tests on the teacher's side."""

import sys

# Under nbformat, jsonschema loads a parser of international web addresses, which takes as long as all else that grading
# loads. Told that it is not installed, it does without; nothing that is checked here holds such an address.
sys.modules.setdefault("rfc3987_syntax", None)
