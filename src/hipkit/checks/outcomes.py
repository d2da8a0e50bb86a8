"""Each outcome that a lesson promises is assessed by a graded task, and each graded task says which it assesses."""

from collections.abc import Iterator
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import Page, cells, lessons, relative


def run(root: Path) -> list[Finding]:
    return [Finding(*fault) for page in lessons(root) for fault in faults(root, page)]


def faults(root: Path, page: Page) -> Iterator[tuple[str, int, str, str]]:
    path = root / "assignments" / "source" / page.slug / f"{page.slug}.ipynb"
    stated = page.module.get("outcomes")
    if not path.is_file() or not isinstance(stated, list):
        return  # the slugs check asks for the assignment, the front-matter check for the outcomes
    promised = [str(outcome["id"]) for outcome in stated if isinstance(outcome, dict) and "id" in outcome]
    assessed = set()
    here = relative(path, root)
    for cell in cells(path):
        nbgrader = cell.metadata.get("nbgrader", {})
        if not nbgrader.get("grade"):
            continue
        named = cell.metadata.get("hipkit", {}).get("outcomes", [])
        if not named:
            mend = 'Add to the cell\'s metadata: "hipkit": {"outcomes": ["xx-1"]}.'
            yield here, cell.line, f"the graded cell '{nbgrader.get('grade_id')}' assesses no outcome", mend
        for outcome in named:
            if outcome not in promised:
                mend = f"Name one of {', '.join(promised)}, or add it to the lesson's outcomes."
                yield here, cell.line, f"the lesson promises no outcome '{outcome}'", mend
        assessed.update(named)
    for outcome in promised:
        if outcome not in assessed:
            mend = f"Add a task to {here} whose test cell names it, or take the outcome out of the lesson."
            yield relative(page.path, root), page.line("module", "outcomes"), f"nothing graded assesses {outcome}", mend


CHECK = Check("outcomes", "every outcome is assessed by a graded task", run)
