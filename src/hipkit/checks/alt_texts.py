"""Every picture has an alt text that says what it shows: in the pages' sources, in the notebooks and in the built book.

The built book is read too, because a picture drawn by code gets the path of its file as alt text when its cell gives
none; accessibility tools see a text there and are content.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import built_page, built_pages, cells, labs, pages, relative

SHORTEST = 15  # characters; "a bar chart" says what it is, not what it shows
FILE_NAME = re.compile(r"^\S*[/\\]\S*$|\.(?:png|jpe?g|svg|gif|webp)$", re.IGNORECASE)
MEND = "Say in one sentence what the picture shows."
MEND_CODE = (
    "Give the cell that draws it an alt text: in a lesson `mystnb: {image: {alt: …}}` at its top, in a lab the same "
    'under "mystnb" in the cell\'s metadata; then run make book.'
)
DIRECTIVE = re.compile(r"^[ ]*(?:`{3,}|:{3,})\{(?:image|figure)\}", re.MULTILINE)


def run(root: Path) -> list[Finding]:
    found = []
    for page in pages(root):
        found += [Finding(relative(page.path, root), *fault) for fault in _markdown(page.text)]
    for path in labs(root):
        for cell in cells(path):
            if cell.kind == "markdown":
                found += [
                    Finding(relative(path, root), cell.line, fault[1], fault[2]) for fault in _markdown(cell.source)
                ]
    for path in built_pages(root):
        found += [Finding(relative(path, root), *fault) for fault in _html(built_page(path))]
    return found


def fault(alt: str) -> str | None:
    """What is wrong with an alt text, or None."""
    if FILE_NAME.search(alt.strip()):
        return f"has the name of a file as alt text ({alt.strip()[:60]})"
    if len(alt.strip()) < SHORTEST:
        return f"has an alt text too short to say what it shows ('{alt.strip()}')" if alt.strip() else "has no alt text"
    return None


def _markdown(text: str) -> Iterator[tuple[int, str, str]]:
    silent = re.sub(
        r"^(`{3,})(?!\{(?:image|figure|note|tip|admonition))[^\n]*\n.*?^\1[ ]*$", _hush, text, flags=re.S | re.M
    )
    for match in re.finditer(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)", silent):
        if problem := fault(match[1]):
            yield text.count("\n", 0, match.start()) + 1, f"the picture {match[2]} {problem}", MEND
    for match in DIRECTIVE.finditer(text):
        rest = text[match.end() :]
        name = rest.split("\n", 1)[0].strip()
        options = re.match(r"[^\n]*\n((?:\s*:[\w-]+:[^\n]*\n)*)", rest)
        alt = re.search(r":alt:[ ]*([^\n]*)", options[1]) if options else None
        if problem := fault(alt[1] if alt else ""):
            yield (
                text.count("\n", 0, match.start()) + 1,
                f"the picture {name} {problem}",
                "Add a line ':alt: …'. " + MEND,
            )


def _hush(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _html(page: BeautifulSoup) -> Iterator[tuple[int, str, str]]:
    for image in page.find_all("img"):
        drawn = "cell_output" in " ".join(name for parent in image.parents for name in parent.get("class", []))
        alt = image.get("alt")
        decoration = alt == "" and (image.get("role") == "presentation" or image.get("aria-hidden") == "true")
        # The theme's mark names the site, in few words, and is not a picture of something.
        mark = "logo" in " ".join(image.get("class", [])) and alt
        if not decoration and not mark and (problem := fault(alt or "")):
            source = str(image.get("src", ""))[:60]
            # A text that is only too short was written by hand; any other is missing in the source.
            mend = MEND_CODE if drawn and "too short" not in problem else f"{MEND} Then run make book."
            yield image.sourceline or 0, f"the picture {source} {problem}", mend


CHECK = Check("alt-texts", "every picture says in words what it shows", run)
