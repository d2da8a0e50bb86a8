"""The names that cells of code read and bind, as far as the text tells: nothing is run."""

import ast
from collections.abc import Iterable, Iterator
from symtable import symtable


def used(cells: Iterable[str]) -> set[str]:
    """The names that cells read."""
    return {node.id for node in _nodes(cells) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def bound(cells: Iterable[str]) -> set[str]:
    """The names that cells bind, anywhere in them."""
    found: set[str] = set()
    for node in _nodes(cells):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.arg(arg=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
    return found


def _nodes(cells: Iterable[str]) -> Iterator[ast.AST]:
    for source in cells:
        yield from ast.walk(ast.parse(source))


def defined(cells: Iterable[str]) -> set[str]:
    """The names that other cells can use when these have run."""
    symbols = (symbol for source in cells for symbol in symtable(source, "<cell>", "exec").get_symbols())
    return {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}


def definitions(source: str) -> str:
    """The imports, functions and classes of a cell, without the rest of it."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return "\n".join(ast.unparse(node) for node in ast.parse(source).body if isinstance(node, kept))
