"""Runs the code cells of a notebook in a plain Python process, and keeps what a kernel would have put out.

It imports nothing of Jupyter: a fresh process is at work after a tenth of a second.
"""

import ast
import contextlib
import io
import linecache
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

from hipkit.grading.files import write_files

SEED = "HIPKIT_GRADING_SEED"  # hipkit.teaching.fresh_rng reads it

# An error that has this attribute shows it in place of its text.
SHOWN = "__shown__"

Output = dict[str, object]


def run_cells(sources: list[str], seed: int, beside: dict[str, bytes] | None = None) -> list[list[Output]]:
    """Run the cells in order in one namespace, with random tests seeded; an error in one does not stop the next.

    Args:
        sources: the code of the cells.
        seed: for `hipkit.teaching.fresh_rng`.
        beside: path -> content of what stands in the folder where they run.

    Returns:
        For each cell its outputs in the notebook format, as far as grading needs them: text on stdout (scores) and on
        stderr, the value of the last expression, an error.
    """
    os.environ[SEED] = str(seed)
    os.environ["MPLBACKEND"] = "agg"
    namespace: dict[str, object] = {"__name__": "__main__"}
    # Warnings are caught so that one shows in every run, not only in the process's first.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
        write_files(Path(folder), beside or {})
        return [run_cell(source, f"<cell {number}>", namespace) for number, source in enumerate(sources)]


def run_cell(
    source: str, name: str, namespace: dict[str, object], as_shown: Callable[[object], str] = repr
) -> list[Output]:
    """Run one cell; its outputs as `run_cells` gives them.

    Args:
        source: the cell's code.
        name: what the code is called where Python speaks of it.
        namespace: where it runs.
        as_shown: the text of the last expression's value.
    """
    # Tests may ask for the source of a function: a kernel has it, so it is kept here too.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace.pop("__warningregistry__", None)  # as in a kernel, a warning shows in every cell that gives it
    streams = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    found: list[Output] = []
    with contextlib.redirect_stdout(streams["stdout"]), contextlib.redirect_stderr(streams["stderr"]):
        try:
            tree = ast.parse(source, name)
            last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), namespace)
            value = None if last is None else eval(compile(last, name, "eval"), namespace)
            if value is not None:
                found.append({"output_type": "execute_result", "data": {"text/plain": as_shown(value)}})
        except (Exception, SystemExit) as error:  # whatever an answer does wrong is what the tests are for
            found.append(error_output(type(error).__name__, getattr(error, SHOWN, str(error))))
    texts = {stream: written.getvalue() for stream, written in streams.items() if written.getvalue()}
    return [{"output_type": "stream", "name": stream, "text": text} for stream, text in texts.items()] + found


def error_output(name: str, text: str) -> Output:
    """An error among a cell's outputs."""
    return {"output_type": "error", "ename": name, "evalue": text}


def are_points(text: str) -> bool:
    """Whether nbgrader reads a test's last value as points; any other it takes for full marks (`determine_grade`)."""
    try:
        return float(text) >= 0
    except ValueError:
        return False
