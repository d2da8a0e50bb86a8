"""What tests of modules share: the functions that a lab or a lesson builds, without running the rest of it."""

import ast
from collections.abc import Callable
from typing import Any

import pytest

from hipkit.checks.reading import cells, code_cells, read_page
from hipkit.paths import ROOT


def definitions(sources: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Run the imports, functions, classes and constants in capitals of some cells, and nothing else; their names.

    Args:
        sources: the code of the cells, in order.
        given: what the rest of the cells would have made, where a constant needs it.
    """
    namespace = dict(given)
    for source in sources:
        kept = [node for node in ast.parse(source).body if _defines(node)]
        exec(compile(ast.Module(kept, type_ignores=[]), "<cells>", "exec"), namespace)
    return namespace


def _defines(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name.isupper()
    return False


@pytest.fixture(scope="session")
def built_in() -> Callable[..., dict[str, Any]]:
    """A function that gives what the lab (.ipynb) or lesson (.md) at a path in the course defines."""

    def read(path: str, **given: Any) -> dict[str, Any]:
        file = ROOT / path
        found = cells(file) if file.suffix == ".ipynb" else code_cells(read_page(file))
        sources = [cell.source for cell in found if cell.kind == "code"]
        assert sources, f"{path} has no code"
        return definitions(sources, given)

    return read
