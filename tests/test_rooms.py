"""The package's rooms import downwards only, so that each can be understood without those above it."""

import ast

import pytest

from hipkit.paths import ROOT

PACKAGE = ROOT / "src" / "hipkit"
# Room -> the rooms it may use. paths, errors, atomic and digest are the ground that all stand on.
MAY_USE = {
    "paths": set(),
    "errors": set(),
    "atomic": set(),
    "digest": set(),
    "datasets": set(),
    "models": {"datasets"},
    "teaching": {"datasets"},
    "parties": set(),
    "plain_crypto": set(),
    "transcript": {"parties"},
    "register": set(),
    "course": {"datasets"},
    "grading": {"course", "datasets"},
    "book": {"grading", "course", "datasets", "teaching"},
    "doctor": {"grading"},
    "checks": {"book", "grading", "course", "datasets"},
    "cli": {"checks", "book", "grading", "course", "datasets", "doctor", "register"},
}
ROOMS = sorted(path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "__init__"])
def test_a_room_uses_only_the_rooms_below_it(room: str) -> None:
    files = [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").is_file() else sorted((PACKAGE / room).rglob("*.py"))
    used = {}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: import by full name"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                if name.startswith("hipkit.") and (other := name.split(".")[1]) in ROOMS and other != room:
                    used[other] = path.relative_to(ROOT).as_posix()
    allowed = MAY_USE[room] | {"paths", "errors", "atomic", "digest"}
    assert {other: where for other, where in used.items() if other not in allowed} == {}
