"""Reads the course's files for the checks, and remembers on which line things stand."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

from hipkit.course import PARTS

FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A Markdown page of the book. `front` is {} where it has no front matter; `fault` says why it cannot be read."""

    path: Path
    text: str
    front: dict[str, Any]
    fault: str | None

    @property
    def slug(self) -> str:
        return self.path.stem

    @property
    def part(self) -> str:
        return self.path.parent.name

    @property
    def module(self) -> dict[str, Any]:
        module = self.front.get("module")
        return module if isinstance(module, dict) else {}

    def line(self, *keys: str) -> int:
        """Line of the innermost of `keys` that the front matter has."""
        number = 1
        for key in keys:
            for index, text in enumerate(self.text.splitlines()[number - 1 :], start=number):
                if re.match(rf"\s*(?:- )?{{?\s*{re.escape(key)}\s*:", text):
                    number = index
                    break
        return number


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook, or a code cell of a Markdown page. `line` is its number (notebook) or its first line."""

    kind: str
    source: str
    line: int
    metadata: dict[str, Any]

    @property
    def nbgrader(self) -> dict[str, Any]:
        """What nbgrader keeps about the cell; {} where it keeps nothing."""
        found = self.metadata.get("nbgrader")
        return found if isinstance(found, dict) else {}

    @property
    def grade_id(self) -> str:
        return str(self.nbgrader.get("grade_id", ""))

    @property
    def is_solution(self) -> bool:
        """Does the student answer here, in code that tests grade?"""
        return bool(self.nbgrader.get("solution")) and not self.nbgrader.get("grade")

    @property
    def is_test(self) -> bool:
        """Does the cell give points by itself?"""
        return bool(self.nbgrader.get("grade")) and not self.nbgrader.get("solution")

    @property
    def is_read(self) -> bool:
        """Does the student answer here, and a person give points?"""
        return bool(self.nbgrader.get("grade")) and bool(self.nbgrader.get("solution"))


def relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def pages(root: Path) -> list[Page]:
    """Every Markdown page under book/, in the order of their paths."""
    return [read_page(path) for path in sorted((root / "book").rglob("*.md"))]


def lessons(root: Path) -> list[Page]:
    """The pages that are lessons: those in a part's folder (its index page apart) and those that declare a module."""
    return [page for page in pages(root) if is_lesson(page)]


def is_lesson(page: Page) -> bool:
    return "module" in page.front or (page.part in PARTS and page.path.name != "index.md")


def read_page(path: Path) -> Page:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Page(path, "", {}, "the page is not written in UTF-8")
    match = FRONT.match(text)
    if not match:
        return Page(path, text, {}, None)
    try:
        front = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        return Page(path, text, {}, f"its front matter is not valid YAML: {' '.join(str(error).split())}")
    if not isinstance(front, dict):
        return Page(path, text, {}, "its front matter is not a list of 'name: value' lines")
    return Page(path, text, front, None)


def labs(root: Path) -> list[Path]:
    return sorted((root / "notebooks").glob("*.ipynb"))


def assignments(root: Path) -> list[Path]:
    return sorted((root / "assignments" / "source").glob("*/*.ipynb"))


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook, numbered from 1; none where it cannot be read, which the notebooks check reports."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [
            Cell(cell["cell_type"], "".join(cell["source"]), number, cell.get("metadata", {}))
            for number, cell in enumerate(content["cells"], start=1)
        ]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return []


def code_cells(page: Page) -> Iterator[Cell]:
    """The executed cells of a Markdown page, without their options."""
    lines = page.text.splitlines()
    number = 0
    while number < len(lines):
        opening = re.match(r"(`{3,}|:{3,})\{code-cell\}", lines[number])
        number += 1
        if not opening:
            continue
        start, body, options = number + 1, [], {}
        while number < len(lines) and not lines[number].startswith(opening[1]):
            body.append(lines[number])
            number += 1
        source = "\n".join(body)
        block = re.match(r"---\n(.*?)\n---\n?", source, re.DOTALL)
        if block:
            options = _options(block[1])
            source = source[block.end() :]
            start += block[0].count("\n")
        else:
            while short := re.match(r":(\w[\w-]*):[ ]*(.*)\n?", source):
                options |= _options(short[0].lstrip(":"))
                source = source[short.end() :]
                start += 1
        yield Cell("code", source, start, options)


def _options(text: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}  # the build names the cell
    return loaded if isinstance(loaded, dict) else {}


def tracked_files(root: Path) -> list[Path]:
    """The files that belong to the course: what git knows or would add; without git, all but what is made.

    The fixtures of the checks' own tests hold faults on purpose and are left out, unless `root` is one of them.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [root / name for name in listing.stdout.decode().split("\0") if name]
    else:
        made = {".git", ".venv", "_build", "population", "exports", "__pycache__", "node_modules"}
        found = [path for path in root.rglob("*") if not made & set(path.relative_to(root).parts)]
    faults = root / "tests" / "checks" / "fixtures"
    return sorted({path for path in found if path.is_file() and faults not in path.parents})


@cache
def text_of(path: Path) -> str | None:
    """The text of a file, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def built_pages(root: Path) -> list[Path]:
    """The HTML pages of the built book, without the theme's templates in _static; empty where it is not built."""
    html = root / "_build" / "html"
    return sorted(page for page in html.rglob("*.html") if html / "_static" not in page.parents)


@cache
def built_page(path: Path) -> BeautifulSoup:
    """A page of the built book, parsed once for all checks."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
