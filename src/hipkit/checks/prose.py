"""What a reader reads of a page: its running text, its headings, and the anchors that the book gives them."""

import re
from collections.abc import Iterator

from docutils.nodes import make_id

from hipkit.checks.reading import FRONT

# Directives whose body is not prose.
SILENT = {
    "code-cell",
    "code",
    "code-block",
    "math",
    "mermaid",
    "bibliography",
    "tableofcontents",
    "raw",
    "glue:figure",
    "quiz",
}
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)


def headings(text: str) -> Iterator[str]:
    """The text of every heading of a page, as it is written, roles without their names."""
    for match in HEADING.finditer(running_text(text)):
        yield re.sub(r"\{[\w:-]+\}(?=`)", "", match[1])


def anchors(text: str) -> list[str]:
    """What may stand behind the # of an address that leads to a place on the page, in the page's order."""
    return [make_id(heading) for heading in headings(text)] + [make_id(match[1]) for match in LABEL.finditer(text)]


def running_text(text: str) -> str:
    """The page with everything that is not running text blanked; lines keep their places."""
    front = FRONT.match(text)
    kept = text.splitlines()
    for number in range(front[0].count("\n") if front else 0):
        kept[number] = ""
    fences: list[tuple[str, bool]] = []  # (its colons or backticks, is its body silent)
    options = False
    for number, line in enumerate(kept):
        fence = re.match(r"\s*(?P<mark>`{3,}|:{3,}|~{3,}|\${2})(?P<info>.*)$", line)
        silent = any(quiet for _, quiet in fences)
        if fence and fences and fence["mark"] == fences[-1][0] and not fence["info"].strip():
            fences.pop()
            kept[number] = ""
            continue
        if fence and not silent and not (fence["mark"] == "$$" and "$$" in fence["info"]):
            name = re.match(r"\s*\{([\w:-]+)\}", fence["info"])
            quiet = fence["mark"] == "$$" or not name or name[1] in SILENT
            fences.append((fence["mark"], quiet))
            # The title of an admonition is prose; the argument of any other directive is a name.
            kept[number] = fence["info"][name.end() :] if name and not quiet else ""
            options = True
            continue
        if silent:
            kept[number] = ""
            continue
        if fences and options and re.match(r"\s*:[\w-]+:", line):
            kept[number] = ""
        else:
            options = False
        # A heading's number, a list's number and a target are not figures.
        kept[number] = re.sub(r"^\s*(?:\d+[.)]\s|\([\w-]+\)=.*$)", lambda match: " " * len(match[0]), kept[number])
    return "\n".join(kept)
