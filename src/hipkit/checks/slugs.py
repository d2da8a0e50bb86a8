"""One slug, one module: lesson, lab, assignment and wrong answers bear the same name, and nothing stands alone."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import Page, assignments, labs, lessons, relative
from hipkit.course import PARTS, toc_files
from hipkit.errors import KitError

MUTANTS = 8  # the fewest wrong answers that a module brings
# What a module has beside its lesson, and where.
LAB, ASSIGNMENT, WRONG_ANSWERS = PLACES = (
    "notebooks/{0}.ipynb",
    "assignments/source/{0}/{0}.ipynb",
    "assignments/mutants/{0}",
)

Faults = Iterator[tuple[str, int, str, str]]


def run(root: Path) -> list[Finding]:
    return [Finding(*fault) for fault in faults(root)]


def faults(root: Path) -> Faults:
    pages = {_slug(page, root): page for page in lessons(root)}
    strangers = _strangers(root, pages)
    renamed = {path: place for path in strangers if (place := _meant(path, root, pages))}
    for path in strangers:
        mend = f"Write its lesson, book/<part>/{Path(path).stem}.md, or give it the slug of one."
        yield path, 0, "no lesson has this slug", f"Rename it to {renamed[path]}." if path in renamed else mend
    for slug, page in pages.items():
        here = relative(page.path, root)
        yield from _place(slug, page, here)
        yield from _belongings(slug, here, root, set(renamed.values()))
        wanted = page.module.get("prerequisites")
        for before in wanted if isinstance(wanted, list) else []:
            if str(before) not in pages:
                mend = "Name the prerequisite by its slug, or take it out."
                yield here, page.line("module", "prerequisites"), f"there is no module '{before}'", mend
    yield from _listing(root, pages, set(renamed.values()))


def _slug(page: Page, root: Path) -> str:
    """The module's slug: the name of the lesson's file, unless only what the front matter says has a lab and so on."""
    said = str(page.module.get("slug", page.slug))
    return said if any((root / place.format(said)).exists() for place in PLACES) else page.slug


def _place(slug: str, page: Page, here: str) -> Faults:
    """Does the file stand where its front matter says?"""
    said, part = page.module.get("slug", page.slug), page.module.get("part", page.part)
    if said != page.slug:
        mend = f"Rename the file to {slug}.md." if said == slug else f"Write slug: {slug}, or rename the file."
        yield here, page.line("module", "slug"), f"the slug is '{said}' and the file is {here}", mend
    folder = f"book/{part}/" if part in PARTS else "book/<part>/"
    if page.part not in PARTS:
        problem = f"the folder {Path(here).parent.as_posix()} is no part of the course"
        yield here, 0, problem, f"Move the file to {folder}; the parts are {', '.join(PARTS)}."
    elif part in PARTS and part != page.part:
        problem = f"the part is '{part}' and the file is {here}"
        yield here, page.line("module", "part"), problem, f"Move the file to {folder}, or write part: {page.part}."


def _belongings(slug: str, here: str, root: Path, coming: set[str]) -> Faults:
    """What the module lacks; `coming` are the places where something will stand once it has been renamed."""
    for needed in (LAB.format(slug), ASSIGNMENT.format(slug)):
        if needed not in coming and not (root / needed).is_file():
            yield here, 0, f"the module has no {needed}", f"Add {needed}; CONTRIBUTING.md says what goes in."
    mutants = WRONG_ANSWERS.format(slug)
    number = len(list((root / mutants).glob("*.py")))
    if mutants not in coming and number < MUTANTS:
        answers = "wrong answer" if number == 1 else "wrong answers"
        problem = f"the module has {number} {answers}, at least {MUTANTS} are needed"
        yield here, 0, problem, f"Add to {mutants}/ what is missing, each a mistake that students make."


def _listing(root: Path, pages: dict[str, Page], coming: set[str]) -> Faults:
    """Lessons and labs that the table of contents leaves out."""
    try:
        listed = toc_files(root)
    except (KitError, FileNotFoundError) as error:
        yield "_toc.yml", 0, f"the table of contents cannot be read: {error}", "Write it as CONTRIBUTING.md shows."
        return
    for slug, page in pages.items():
        lab = LAB.format(slug)
        for entry in (relative(page.path, root).removesuffix(".md"), lab.removesuffix(".ipynb")):
            if entry not in listed and f"{entry}.ipynb" not in coming:
                mend = f"Add it to _toc.yml: '- file: {entry}'."
                yield "_toc.yml", 0, f"{entry} is not in the table of contents", mend


def _strangers(root: Path, pages: dict[str, Page]) -> list[str]:
    """Labs, assignments and folders of wrong answers that belong to no lesson."""
    owned = {place.format(slug) for slug in pages for place in PLACES}
    mutants = sorted((root / "assignments" / "mutants").glob("*/"))
    found = [relative(path, root) for path in [*labs(root), *assignments(root), *mutants]]
    return [path for path in found if path not in owned]


def _meant(path: str, root: Path, pages: dict[str, Page]) -> str | None:
    """Where a stranger belongs, when it seems to bear the slug of a lesson that lacks it, misspelt."""
    place = next(place for place in PLACES if path.startswith(place.partition("{")[0]))
    waiting = [slug for slug in pages if not (root / place.format(slug)).exists()]
    close = get_close_matches(Path(path).stem, waiting, n=1)
    return place.format(close[0]) if close else None


CHECK = Check("slugs", "lesson, lab, assignment and wrong answers agree on their slug", run)
