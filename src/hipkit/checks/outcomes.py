"""Each outcome that a lesson promises is assessed by a graded task, and each graded task says which it assesses."""

import json
from collections.abc import Iterator
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import Cell, Page, cells, lessons, relative


def run(root: Path) -> list[Finding]:
    return [Finding(*fault) for page in lessons(root) for fault in faults(root, page)]


def faults(root: Path, page: Page) -> Iterator[tuple[str, int, str, str]]:
    path = root / "assignments" / "source" / page.slug / f"{page.slug}.ipynb"
    stated = page.module.get("outcomes")
    if not path.is_file() or not isinstance(stated, list):
        return  # the slugs check asks for the assignment, the front-matter check for the outcomes
    content = cells(path)
    if not content:
        return  # the notebooks check says why it cannot be read
    promised = list(dict.fromkeys(str(one["id"]) for one in stated if isinstance(one, dict) and "id" in one))
    assessed = set()
    here = relative(path, root)
    for cell in content:
        if not cell.nbgrader.get("grade"):
            continue
        named = _named(cell)
        if not named:
            example = json.dumps({"outcomes": promised[:1]})
            mend = f'Add to the cell\'s metadata: "hipkit": {example}, with what it assesses: {", ".join(promised)}.'
            yield here, cell.line, f"the graded cell '{cell.grade_id}' assesses no outcome", mend
        for outcome in named:
            if outcome not in promised:
                mend = f"Name one of {', '.join(promised)}, or add it to the lesson's outcomes."
                yield here, cell.line, f"the lesson promises no outcome '{outcome}'", mend
        assessed.update(named)
    for outcome in promised:
        if outcome not in assessed:
            mend = f"Add a task to {here} whose test cell names it, or take the outcome out of the lesson."
            yield relative(page.path, root), page.line("module", "outcomes"), f"nothing graded assesses {outcome}", mend


def _named(cell: Cell) -> list[str]:
    """The outcomes that a cell's metadata name, in the form that the assignment's other readers take."""
    kept = cell.metadata.get("hipkit")
    named = kept.get("outcomes") if isinstance(kept, dict) else None
    return [str(outcome) for outcome in named] if isinstance(named, list) else []


CHECK = Check("outcomes", "every outcome is assessed by a graded task", run)
