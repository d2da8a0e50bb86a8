"""The hostile submissions: `attacks/<class>/<name>.py`, each with a header in the manner of the kit's wrong answers.

    # /// attack
    # tries = "Forks two hundred processes that sleep."
    # points = 10
    # honest = true
    # obtains = {processes = 190}
    # ///
    # %% before count
    import os
    ...

`tries` says it in one sentence. `points` is what an honest grader gives of the ten that the tests are worth: a number,
or the least and the most where the trick may cost its author something. `honest`: the cells that it does not replace
hold right answers, else the stubs. `obtains`: the attack is bounded in itself, and it has succeeded when it got, as
seen from outside, this much of what it asked for (`watch` measures). `shows`: the breaches that plain nbgrader shows
(`verdict` names them).

`# %% count` begins the code that replaces the solution cell `count`; `# %% before count` and `# %% after count` begin
a cell of the student's own. A file without cells is a module with `submit(place)`, which writes what is handed in
(`classroom.Place`). The code may use `bait`, where everything stands that it is after: see `bait.Bait.known`.
"""

import importlib.util
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ATTACKS = Path(__file__).parent / "attacks"
CLASSES = ["resources", "escape", "reading", "writing", "tampering", "structure", "intake", "html"]
OPENS, CLOSES = "# /// attack", "# ///"
CELL = re.compile(r"# %% (?:(?P<place>before|after) )?(?P<grade_id>[a-z]+)")
FIELDS = {"tries", "points", "honest", "obtains", "shows"}


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Attributes:
        name: of the file, and of the student who hands it in.
        kind: one of CLASSES.
        tries: what it tries, a sentence.
        points: the least and the most that an honest grader gives.
        honest: whether the other cells hold right answers.
        obtains: measure -> how much of it shows that there was no bound.
        shows: the breaches that it shows where nothing defends.
        cells: what it puts into the notebook: (`before`, `after` or `at`, grade_id, code).
        submit: writes what is handed in; None where `cells` say it.
    """

    name: str
    kind: str
    tries: str
    points: tuple[float, float]
    honest: bool = False
    obtains: dict[str, float] = field(default_factory=dict)
    shows: list[str] = field(default_factory=list)
    cells: list[tuple[str, str, str]] = field(default_factory=list)
    submit: Callable[[Any], None] | None = None


def read_attack(path: Path) -> Attack:
    """Read one attack.

    Raises:
        ValueError: its header or a cell is malformed.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != OPENS or CLOSES not in lines[1:]:
        raise ValueError(f"{path}: there is no header between '{OPENS}' and '{CLOSES}'")
    end = lines.index(CLOSES, 1)
    fields = tomllib.loads("\n".join(line[2:] for line in lines[1:end]))
    if set(fields) - FIELDS or not {"tries", "points"} <= set(fields):
        raise ValueError(f"{path}: the header has {sorted(fields)}, and there are {sorted(FIELDS)}")
    given = fields.pop("points")
    least, most = given if isinstance(given, list) else (given, given)
    cells = _cells(lines[end + 1 :])
    return Attack(
        name=path.stem.replace("_", "-"),
        kind=path.parent.name,
        points=(float(least), float(most)),
        cells=cells,
        submit=None if cells else _module(path).submit,
        **fields,
    )


def read_attacks() -> list[Attack]:
    """Every attack, by class and name."""
    found = [read_attack(path) for kind in CLASSES for path in sorted((ATTACKS / kind).glob("*.py"))]
    names = [attack.name for attack in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two attacks are called {', '.join(sorted(twice))}")
    return found


def _cells(lines: list[str]) -> list[tuple[str, str, str]]:
    cells: list[tuple[str, str, list[str]]] = []
    for line in lines:
        if match := CELL.fullmatch(line):
            cells.append((match["place"] or "at", match["grade_id"], []))
        elif cells:
            cells[-1][2].append(line)
    return [(place, grade_id, "\n".join(code).strip("\n")) for place, grade_id, code in cells]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"attack_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
