"""One slug, one module: lesson, lab, assignment and wrong answers bear the same name, and nothing stands alone."""

from collections.abc import Iterator
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import assignments, labs, lessons, relative
from hipkit.course import toc_files

MUTANTS = 8  # the fewest wrong answers that a module brings


def run(root: Path) -> list[Finding]:
    return [Finding(*fault) for fault in faults(root)]


def faults(root: Path) -> Iterator[tuple[str, int, str, str]]:
    pages = {page.slug: page for page in lessons(root)}
    toc = toc_files(root)
    for slug, page in pages.items():
        here = relative(page.path, root)
        for field, meant in (("slug", slug), ("part", page.part)):
            if field in page.module and page.module[field] != meant:
                problem = f"the {field} is '{page.module[field]}' and the file is {here}"
                yield here, page.line("module", field), problem, f"Write {field}: {meant}, or move the file."
        for needed in (f"notebooks/{slug}.ipynb", f"assignments/source/{slug}/{slug}.ipynb"):
            if not (root / needed).is_file():
                yield here, 0, f"the module has no {needed}", f"Add {needed}; CONTRIBUTING.md says what goes in."
        mutants = list((root / "assignments" / "mutants" / slug).glob("*.py"))
        if len(mutants) < MUTANTS:
            problem = f"the module has {len(mutants)} wrong answers"
            yield (
                here,
                0,
                problem,
                f"Add at least {MUTANTS} to assignments/mutants/{slug}/, each a mistake students make.",
            )
        for entry in (here.removesuffix(".md"), f"notebooks/{slug}"):
            if entry not in toc:
                yield "_toc.yml", 0, f"{entry} is not in the table of contents", f"Add '- file: {entry}' to _toc.yml."
        wanted = page.module.get("prerequisites")
        for slug_before in wanted if isinstance(wanted, list) else []:
            if slug_before not in pages:
                line = page.line("module", "prerequisites")
                yield (
                    here,
                    line,
                    f"there is no module '{slug_before}'",
                    "Name the prerequisite by its slug, or take it out.",
                )
    for path in labs(root):
        if path.stem not in pages:
            yield relative(path, root), 0, "no lesson has this slug", _mend_orphan(path.stem)
    for path in assignments(root):
        if path.parent.name not in pages or path.stem != path.parent.name:
            yield relative(path, root), 0, "no lesson has this slug", _mend_orphan(path.parent.name)
    for path in sorted((root / "assignments" / "mutants").glob("*/")):
        if path.name not in pages:
            yield relative(path, root), 0, "no lesson has this slug", _mend_orphan(path.name)


def _mend_orphan(slug: str) -> str:
    return f"Write book/<part>/{slug}.md, or give the lesson, lab, assignment and wrong answers the same slug."


CHECK = Check("slugs", "lesson, lab, assignment and wrong answers agree on their slug", run)
