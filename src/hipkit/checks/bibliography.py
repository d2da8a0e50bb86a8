"""The bibliography is complete (each entry can be found again) and used (no entry without a citation)."""

import re
from collections.abc import Iterator
from pathlib import Path

from pybtex.database import BibliographyData, parse_string
from pybtex.exceptions import PybtexError

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import cells, labs, pages, relative

CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
IDENTIFIERS = ("doi", "url", "isbn", "eprint")
MAKERS = ("author", "editor", "organization", "institution")


def run(root: Path) -> list[Finding]:
    path = root / "book" / "references.bib"
    if not path.is_file():
        return [Finding("book/references.bib", 0, "there is no bibliography", "Add book/references.bib, in BibTeX.")]
    here = relative(path, root)
    text = path.read_text(encoding="utf-8")
    try:
        library = parse_string(text, "bibtex")
    except PybtexError as error:
        return [Finding(here, 0, f"it is not valid BibTeX: {error}", "Correct the entry that the message names.")]
    found = [Finding(here, *fault) for fault in _entries(library, text)]
    cited = set()
    for file, line, key in _citations(root):
        cited.add(key.lower())
        if key.lower() not in {known.lower() for known in library.entries}:
            found.append(Finding(file, line, f"'{key}' is cited and not in the bibliography", f"Add it to {here}."))
    for key in library.entries:
        if key.lower() not in cited:
            mend = "Cite it where it is used ({cite}`" + key + "`), or take it out."
            found.append(Finding(here, _line(text, key), f"'{key}' is never cited", mend))
    return found


def _line(text: str, key: str) -> int:
    match = re.search(rf"^@\w+\s*\{{\s*{re.escape(key)}\s*,", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _entries(library: BibliographyData, text: str) -> Iterator[tuple[int, str, str]]:
    for key, entry in library.entries.items():
        has = {name.lower() for name, value in entry.fields.items() if value.strip()} | set(entry.persons)
        for field, ways in (
            ("title", ("title",)),
            ("year", ("year", "date")),
            ("author", MAKERS),
            ("address", IDENTIFIERS),
        ):
            if not has & set(ways):
                mend = f"Add {' or '.join(ways)}." if field != "address" else f"Add a lasting {', '.join(IDENTIFIERS)}."
                what = "identifier" if field == "address" else field
                yield _line(text, key), f"'{key}' has no {what}", mend


def _citations(root: Path) -> Iterator[tuple[str, int, str]]:
    """(file, line or number of the cell, key) of every citation in pages and labs."""
    for page in pages(root):
        for match in CITED.finditer(page.text):
            for key in match[1].split(","):
                yield relative(page.path, root), page.text.count("\n", 0, match.start()) + 1, key.strip()
    for path in labs(root):
        for cell in cells(path):
            for match in CITED.finditer(cell.source):
                for key in match[1].split(","):
                    yield relative(path, root), cell.line, key.strip()


CHECK = Check("bibliography", "every entry can be found again and is cited", run)
