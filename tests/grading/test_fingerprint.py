"""The fingerprint covers the code that a grader runs through, and no more."""

from hipkit.grading.fingerprint import PACKAGE, code_behind


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
