"""The fingerprint covers the code that a grader runs through, and no more."""

import pytest

from hipkit.grading.fingerprint import PACKAGE, READ_BY, code_behind, fingerprint
from hipkit.paths import BOOK


def names(*sources: str) -> set[str]:
    return {path.relative_to(PACKAGE).as_posix() for path in code_behind(list(sources))}


def test_the_selftest_runs_through_its_own_modules_and_not_through_the_feedback() -> None:
    behind = names("import hipkit.grading.results")
    assert {"grading/selftest.py", "grading/cells.py", "grading/mutants.py", "grading/roles.py"} <= behind
    assert {"errors.py", "paths.py"} <= behind
    assert not {"grading/feedback.py", "grading/execute.py", "grading/demo.py", "cli", "book"} & behind


def test_what_an_assignment_imports_counts_with_all_that_it_imports() -> None:
    assert names("from hipkit.teaching import fresh_rng") == {"teaching.py"}
    assert names("def f():\n    from hipkit.datasets import load_persons") >= {"datasets", "errors.py", "paths.py"}
    assert names("import numpy", "import hipkitten", "print(1", "from hipkit import __version__") == set()


def test_the_list_of_law_counts_where_a_register_may_name_it_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = []
    for list_of_law in ("law.yml", "glossary.yml"):
        monkeypatch.setitem(READ_BY, PACKAGE / "register.py", BOOK / list_of_law)
        numbers.append([fingerprint(slug, "hipkit.grading.results") for slug in ("risk", "accountability")])
    (risk, other), (risk_after, other_after) = numbers
    assert risk != risk_after and other == other_after
