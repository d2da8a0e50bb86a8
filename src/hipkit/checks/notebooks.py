"""Labs and assignments are stripped, run in order, are seeded, and fit the time that the lesson declares."""

import ast
import importlib
import inspect
import json
import math
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from ruff import find_ruff_bin

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import Cell, assignments, cells, code_cells, labs, lessons, relative

# A lab's time is estimated from what it holds. Reading speed: a quiet pace for technical prose. A cell: run it, read
# what it says, think. A task of the reader's own: predict, change, run, compare.
WORDS_A_MINUTE = 150
MINUTES_A_CELL = 0.75
MINUTES_A_TASK = 4

SECONDS_A_NOTEBOOK = 60  # Run All on two cores, as the last build measured it

SAMPLERS = {"sample", "sample_by"}  # methods of tables that draw; seeded by these arguments
SEEDS = {"random_state", "seed", "rng"}
SEEDED_LIBRARIES = ("sklearn", "diffprivlib")


def run(root: Path) -> list[Finding]:
    found = []
    for path in labs(root) + assignments(root):
        fault = _unreadable(path)
        if fault:
            found.append(
                Finding(
                    relative(path, root),
                    0,
                    fault,
                    "Bring back its last good version, open it in JupyterLab and save it again.",
                )
            )
            continue
        found += [Finding(relative(path, root), *fault) for fault in _stripped(path)]
        found += [Finding(relative(path, root), *fault) for fault in _unseeded(cells(path), in_page=False)]
        found += [Finding(relative(path, root), *fault) for fault in _order(path)]
    for page in lessons(root):
        found += [
            Finding(relative(page.path, root), *fault) for fault in _unseeded(list(code_cells(page)), in_page=True)
        ]
        minutes = page.module.get("minutes")
        lab = root / "notebooks" / f"{page.slug}.ipynb"
        if isinstance(minutes, dict) and type(minutes.get("lab")) is int and lab.is_file() and not _unreadable(lab):
            found += [Finding(relative(lab, root), *fault) for fault in _too_long(lab, minutes["lab"])]
    return found + _slow(root)


def _slow(root: Path) -> list[Finding]:
    """Notebooks that took too long when the book was last built; the build keeps its times with the outputs."""
    folders = sorted((root / "_build" / "notebooks").glob("*/"), key=lambda folder: folder.stat().st_mtime)
    if not folders:
        return []  # not built yet: the links check says so
    found = []
    for record in get_cache(str(folders[-1])).list_cache_records():
        seconds = record.data["execution_seconds"]
        if seconds > SECONDS_A_NOTEBOOK:
            problem = f"it ran for {seconds:.0f} seconds in the last build; at most {SECONDS_A_NOTEBOOK} are planned"
            mend = "Use fewer patients or repetitions, or vectorise the slow cell."
            path = Path(record.uri)
            file = relative(path, root) if path.is_relative_to(root) else path.name  # built before the clone was moved
            found.append(Finding(file, 0, problem, mend))
    return found


def _unreadable(path: Path) -> str | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            return "it is not a notebook: it holds no cells"
        nbformat.validate(content)
    except (json.JSONDecodeError, UnicodeDecodeError, nbformat.ValidationError) as error:
        return f"it is not a notebook: {str(error).splitlines()[0]}"
    return None


def _stripped(path: Path) -> Iterator[tuple[int, str, str]]:
    content = json.loads(path.read_text(encoding="utf-8"))["cells"]
    ran = [n for n, cell in enumerate(content, 1) if cell.get("outputs") or cell.get("execution_count") is not None]
    if ran:
        mend = "Clear it: in JupyterLab Edit > Clear Outputs of All Cells, then save; the build makes the outputs."
        holders = f"cell {ran[0]} holds" if len(ran) == 1 else f"cells {', '.join(map(str, ran))} hold"
        yield ran[0], f"{holders} saved output or an execution count", mend


def _order(path: Path) -> Iterator[tuple[int, str, str]]:
    """Names used before the cell that makes them: ruff reads the cells as one program, from the first to the last."""
    answer = subprocess.run(
        [
            find_ruff_bin(),
            "check",
            "--isolated",
            "--select",
            "F821",
            "--output-format",
            "json",
            "--no-cache",
            str(path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode not in (0, 1):
        raise RuntimeError(f"ruff could not read {path}: {answer.stderr}")
    for message in json.loads(answer.stdout):
        number = message["cell"] or 0
        if message["code"] == "F821":
            yield (
                number,
                f"cell {number}: {message['message']}",
                "Make the name in an earlier cell: Run All must work in order.",
            )
        else:
            yield number, f"cell {number}: {message['message']}", "Correct the Python in this cell."


def _unseeded(found: list[Cell], in_page: bool) -> Iterator[tuple[int, str, str]]:
    """Draws that no seed fixes; the place is the line in a page, the number of the cell in a notebook."""
    names: dict[str, str] = {}
    for cell in found:
        if cell.kind != "code":
            continue
        try:
            tree = ast.parse(
                "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in cell.source.splitlines())
            )
        except SyntaxError:
            continue  # reported by the check of the order
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    names[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (fault := _draws_without_seed(node, names)):
                line = cell.line + (node.lineno - 1 if in_page else 0)
                yield line, f"'{ast.unparse(node.func)}' {fault[0]}", fault[1]


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name of a called function, with imports resolved; empty where it is not a plain name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _draws_without_seed(call: ast.Call, names: dict[str, str]) -> tuple[str, str] | None:
    """(problem, mend) when the call draws random numbers that no seed fixes."""
    name = _dotted(call.func, names)
    given = {keyword.arg for keyword in call.keywords}
    if None in given:  # **arguments: what they hold is not known here
        return None
    if name.endswith(("random.default_rng", "random.SeedSequence")) and not call.args and not call.keywords:
        return "is not seeded", "Give it a number: numpy.random.default_rng(2026)."
    if name.startswith("numpy.random.") and name.split(".")[2].islower() and not name.endswith(".default_rng"):
        return "draws from numpy's global state", "Draw from a generator: rng = numpy.random.default_rng(2026)."
    if name.startswith("random.") and names.get("random") == "random" and name != "random.Random":
        return "draws from Python's global state", "Draw from a generator: rng = numpy.random.default_rng(2026)."
    if isinstance(call.func, ast.Attribute) and call.func.attr in SAMPLERS and not given & SEEDS:
        if call.func.attr == "sample" and name.startswith("random."):
            return None
        return "is not seeded", "Give it random_state=2026 (pandas) or seed=2026 (polars)."
    if name.startswith(SEEDED_LIBRARIES) and "random_state" not in given and _takes_random_state(name):
        return "is not seeded", "Give it random_state=2026 (or the generator in use)."
    return None


def _takes_random_state(name: str) -> bool:
    """Does the function or class with this full name have a random_state argument?"""
    module, _, rest = name.partition(".")
    found: object = importlib.import_module(module)
    for part in rest.split("."):
        module = f"{module}.{part}"
        if not hasattr(found, part):
            try:
                found = importlib.import_module(module)
            except ImportError:
                return False  # a method of an object, or a name that does not exist: the build tells
        else:
            found = getattr(found, part)
    return callable(found) and "random_state" in inspect.signature(found).parameters


def _too_long(path: Path, declared: int) -> Iterator[tuple[int, str, str]]:
    content = cells(path)
    words = sum(len(cell.source.split()) for cell in content if cell.kind == "markdown")
    code = sum(cell.kind == "code" for cell in content)
    tasks = sum("your turn" in cell.source.lower() for cell in content if cell.kind == "markdown")
    needed = math.ceil(words / WORDS_A_MINUTE + code * MINUTES_A_CELL + tasks * MINUTES_A_TASK)
    if needed > declared:
        holds = f"{words} words, {code} code cells, {tasks} own turns"
        problem = f"the lab needs about {needed} minutes ({holds}), not {declared}"
        yield 0, problem, "Take something out, or declare more minutes in the lesson's front matter."


CHECK = Check("notebooks", "labs and assignments are stripped, in order, seeded and in time", run)
