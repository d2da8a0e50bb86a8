"""What decides how an assignment's answers are graded, in one number: while it is the same, so are the results."""

import ast
import hashlib
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import nbformat

from hipkit.digest import digest
from hipkit.grading.mutants import read_mutants
from hipkit.grading.release import CONFIG, source_notebook
from hipkit.paths import ASSIGNMENTS, BOOK, DATASETS, POPULATION, ROOT

PACKAGE = ROOT / "src" / "hipkit"
# The data, by the files that state their checksums, and what gives them their types.
DATA = (
    DATASETS / "contracts",
    DATASETS / "reference",
    DATASETS / "risk",
    DATASETS / "sample" / "SHA256SUMS",
    POPULATION / "population.json",
)
# What a module reads besides: a risk register may name the provisions that the list of law has.
READ_BY = {PACKAGE / "register.py": BOOK / "law.yml"}


def fingerprint(slug: str, start: str, course_root: Path = ASSIGNMENTS) -> str:
    """SHA-256 (hex) of an assignment, its wrong answers, the code that grades them, the data and the packages.

    Args:
        slug: the assignment.
        start: the module that grades, such as "hipkit.grading.selftest".
        course_root: the nbgrader course that holds the assignment.

    Raises:
        KitError: there is no such assignment, or a wrong answer is malformed.
    """
    source = source_notebook(slug, course_root)
    cells = [cell.source for cell in nbformat.read(source, as_version=4).cells if cell.cell_type == "code"]
    cells += [code for mutant in read_mutants(slug, course_root) for code in mutant.cells.values()]
    code = code_behind([f"import {start}", *cells])
    data = [*DATA, *(read for module, read in READ_BY.items() if module in code)]
    packages = sorted(f"{one.name}=={one.version}" for one in distributions())
    stated = [
        digest([source.parent, course_root / "mutants" / slug], course_root),
        digest([CONFIG, *code, *(path for path in data if path.exists())]),
        sys.version,
        platform.machine(),
        *packages,
    ]
    return hashlib.sha256("\n".join(stated).encode()).hexdigest()


def code_behind(sources: list[str]) -> list[Path]:
    """The files and folders of hipkit that Python code runs through, by its imports and theirs.

    A room that is imported counts whole, for it may import its modules by name when it runs. Of the grading room only
    the modules count that are reached, so that a change to, say, the feedback does not concern the tests.
    """
    found: set[Path] = set()
    waiting = list(sources)
    while waiting:
        for name in imported(waiting.pop()):
            for path in _places(name.split(".")[1:]):
                if path not in found:
                    found.add(path)
                    files = path.rglob("*.py") if path.is_dir() else [path]
                    waiting += [file.read_text(encoding="utf-8") for file in files]
    return sorted(found)


def imported(source: str) -> Iterator[str]:
    """The full names of hipkit's modules, and of what is imported from them, in Python code."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # it will not run, and that will be its result
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("hipkit."))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "hipkit":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _places(parts: list[str]) -> Iterator[Path]:
    """What stands for `hipkit.<parts>`: the room; in the grading room, each module and package on the way."""
    if parts[0] != "grading":
        yield from (path for path in (PACKAGE / parts[0], PACKAGE / f"{parts[0]}.py") if path.exists())
        return
    for length in range(1, len(parts) + 1):
        module = PACKAGE.joinpath(*parts[:length])
        yield from (path for path in (module / "__init__.py", module.with_suffix(".py")) if path.is_file())
