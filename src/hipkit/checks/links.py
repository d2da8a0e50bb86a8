"""Links inside the course lead somewhere, and a built page asks no other host for anything.

Two readings: the relative links of the Markdown files outside the book (README.md, …), and every address in the built
pages, with their anchors. Links to other sites are for readers to follow and are not fetched here.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import built_page, built_pages, relative, text_of, tracked_files

LINK = re.compile(r"(?<!!)!?\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)")
# What a page fetches by itself when it is opened; <a href> is fetched only when the reader follows it.
FETCHED = (("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("video", "src"))
FETCHING_RELATIONS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "modulepreload",
    "manifest",
    "preconnect",
    "dns-prefetch",
}


def run(root: Path) -> list[Finding]:
    found = []
    for path in tracked_files(root):
        if path.suffix == ".md" and root / "book" not in path.parents:
            found += [Finding(relative(path, root), *fault) for fault in _markdown(path, root)]
    built = built_pages(root)
    if not built:
        mend = "Run: hipkit book"
        found.append(Finding("_build/html", 0, "the book is not built, so its links and pictures were not read", mend))
    for path in built:
        found += [Finding(relative(path, root), *fault) for fault in _html(path, root)]
    return found


def _markdown(path: Path, root: Path) -> Iterator[tuple[int, str, str]]:
    text = re.sub(
        r"^(`{3,})[^\n]*\n.*?^\1[ ]*$",
        lambda match: re.sub(r"[^\n]", " ", match[0]),
        text_of(path) or "",
        flags=re.S | re.M,
    )
    for match in LINK.finditer(text):
        address = urlsplit(match[1])
        if address.scheme or address.netloc or not address.path:
            continue
        target = (root if address.path.startswith("/") else path.parent) / unquote(address.path).lstrip("/")
        if not target.exists():
            yield text.count("\n", 0, match.start()) + 1, f"the link {match[1]} leads nowhere", "Correct the path."


@cache
def _anchors(path: Path) -> frozenset[str]:
    page = built_page(path)
    return frozenset({tag[key] for key in ("id", "name") for tag in page.find_all(attrs={key: True})})


def _html(path: Path, root: Path) -> Iterator[tuple[int, str, str]]:
    page = built_page(path)
    for tag, attribute in FETCHED:
        for element in page.find_all(tag):
            address = str(element.get(attribute, ""))
            if tag == "link" and not FETCHING_RELATIONS & set(element.get("rel", [])):
                continue
            if urlsplit(address).netloc:
                mend = "Ship the file with the book (in book/_static), so that the page works offline and tells nobody."
                yield element.sourceline or 0, f"the page fetches {address} from another host", mend
    for element in page.find_all(["a", "img", "script", "link", "source"]):
        written = str(element.get("href") or element.get("src") or "")
        address = urlsplit(written)
        if not written or address.scheme or address.netloc or written == "#":
            continue
        target = path.parent / unquote(address.path) if address.path else path
        if target.is_dir():
            target = target / "index.html"
        if not target.exists():
            mend = "Correct the link in the page's source; a removed page may still be linked."
            yield element.sourceline or 0, f"the link {written} leads nowhere", mend
        elif (
            address.fragment
            and target.suffix == ".html"
            and unquote(address.fragment) not in _anchors(target.resolve())
        ):
            mend = f"Link to a heading or label that {relative(target.resolve(), root.resolve())} has."
            yield element.sourceline or 0, f"the link {written} has no such place on its page", mend


CHECK = Check("links", "links inside the course lead somewhere; pages ask no other host", run)
