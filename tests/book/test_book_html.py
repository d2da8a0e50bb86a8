"""The files of the built book: every link leads somewhere, downloads are notebooks, pictures have words."""

import functools
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from hipkit.course import ROLES, Module, load_course, toc_files
from hipkit.paths import ROOT

PAGES = [f"{name}.html" for name in toc_files()] + ["search.html", "genindex.html", "index.html"]
MODULES = load_course().modules
PATH_LIKE = re.compile(r"\.(png|svg|jpe?g|gif|webp)\b|^\S*[/\\]\S*$", re.IGNORECASE)
TRACES = ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS", "### END SOLUTION", "### END HIDDEN TESTS")


@functools.cache
def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@functools.cache
def anchors(path: Path) -> set[str]:
    return {tag["id"] for tag in parsed(path).select("[id]")}


def squeezed(text: str) -> str:
    """With every run of white space as one space."""
    return " ".join(text.split())


def lesson_page(html: Path, module: Module) -> Path:
    return html / "book" / module.part / f"{module.slug}.html"


def target(page: Path, link: str) -> Path:
    """The file that a link within the book leads to."""
    return (page.parent / unquote(urlsplit(link).path)).resolve() if urlsplit(link).path else page


@pytest.mark.parametrize("name", PAGES)
def test_links_and_anchors_inside_the_book_resolve(html: Path, name: str) -> None:
    page = html / name
    broken = []
    for tag in parsed(page).select("[href], [src]"):
        link = tag.get("href") or tag.get("src") or ""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            assert tag.name == "a", f"{name} loads {link} from another host"
            continue
        file = target(page, link)
        if not file.is_file() or (
            parts.fragment and file.suffix == ".html" and unquote(parts.fragment) not in anchors(file)
        ):
            broken.append(link)
    assert not broken, f"{name} links to what is not there: {sorted(set(broken))}"


@pytest.mark.parametrize("name", PAGES)
def test_no_script_or_style_in_a_page_names_another_host(html: Path, name: str) -> None:
    for part in parsed(html / name).select("script, style"):
        assert not re.search(r"https?://", part.get_text()), squeezed(part.get_text())[:200]


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_words_that_are_no_file_path(html: Path, name: str) -> None:
    for picture in parsed(html / name).select("img"):
        words = squeezed(picture.get("alt", ""))
        assert words, f"{name}: {picture['src']} has no alternative text"
        assert not PATH_LIKE.search(words), f"{name}: the alternative text of {picture['src']} is a file path: {words}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_a_lesson_starts_with_what_its_front_matter_says(html: Path, module: Module) -> None:
    page = lesson_page(html, module)
    title = parsed(page).select_one("article h1")
    header = title.find_next_sibling()
    assert "module-header" in header["class"]
    said = squeezed(header.get_text(" "))
    for role in module.roles:
        assert ROLES[role] in said
    for minutes in module.minutes.values():
        assert re.search(rf"\b{minutes}\b", said)
    for outcome in module.outcomes:
        assert squeezed(outcome.text) in said
    leads_to = {target(page, link["href"]) for link in header.select("a[href]")}
    assert html / "notebooks" / f"{module.slug}.html" in leads_to
    for slug in module.prerequisites:
        assert lesson_page(html, load_course().module(slug)) in leads_to


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_downloads_are_the_lab_and_the_students_copy(html: Path, module: Module) -> None:
    for page in (lesson_page(html, module), html / "notebooks" / f"{module.slug}.html"):
        links = parsed(page).select(".module-header a.download")
        lab, assignment = (target(page, link["href"]) for link in links)
        assert lab.read_bytes() == (ROOT / "notebooks" / f"{module.slug}.ipynb").read_bytes()
        for notebook in (lab, assignment):
            nbformat.validate(nbformat.read(notebook, as_version=4))
        copy = assignment.read_text(encoding="utf-8")
        assert '"nbgrader"' in copy and "NotImplementedError" in copy
        assert not [trace for trace in TRACES if trace in copy]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_a_lab_leads_back_to_its_lesson(html: Path, module: Module) -> None:
    page = html / "notebooks" / f"{module.slug}.html"
    leads_to = {target(page, link["href"]) for link in parsed(page).select(".module-header a[href]")}
    assert lesson_page(html, module) in leads_to
