"""The kit's Sphinx extension: module headers, computed pages, questions, and the theme's faults of accessibility."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hipkit import __version__
from hipkit.book import computed, interactive, quiz
from hipkit.course import Course, load_course
from hipkit.paths import ROOT


class ComputedPart(SphinxDirective):
    """A directive without content, replaced by the Markdown that `hipkit.book.computed` makes under its name."""

    def run(self) -> list[nodes.Node]:
        for path in computed.data_files():
            self.env.note_dependency(str(path))
        text = computed.COMPUTED[self.name](load_course())
        container = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), source=self.name), self.content_offset, container)
        return container.children


class ModuleHeader(SphinxDirective):
    """The header of the module that the argument names."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        course: Course = load_course()
        text = computed.module_header(course.module(self.arguments[0]), course)
        container = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), source="module-header"), self.content_offset, container)
        return container.children


# In front matter: the key "module" with the indented lines under it. It may hold dates, which myst-nb cannot keep.
MODULE_FIELDS = re.compile(r"^module:\n(?: .*\n)+", re.MULTILINE)


def add_module_header(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the header under the title of every lesson, in place of the fields of its front matter.

    The page keeps its number of lines, so that a warning names the author's line.
    """
    for module in load_course().modules:
        if (ROOT / f"{docname}.md") == module.lesson:
            directive = f"```{{module-header}} {module.slug}\n```\n"
            text = MODULE_FIELDS.sub(lambda found: "\n" * (found[0].count("\n") - 2), source[0], count=1)
            before, title, after = text.partition(f"\n# {module.title}\n")
            source[0] = f"{before}{title}{directive}{after}"


def add_lab_header(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say on the page of every lab where its lesson and its files are, under the title in the first cell."""
    for module in load_course().modules:
        if (ROOT / f"{docname}.ipynb") == module.lab:
            notebook = json.loads(source[0])
            first = notebook["cells"][0]
            title, _, after = "".join(first["source"]).partition("\n")
            links = [
                f"[Read the lesson](/book/{module.part}/{module.slug}.md)",
                f"{{download}}`download this notebook </notebooks/{module.slug}.ipynb>`",
            ]
            if module.assignment.is_file():
                copy = f"/assignments/release/{module.slug}/{module.slug}.ipynb"
                links.append(f"{{download}}`download the assignment <{copy}>`")
            first["source"] = f"{title}\n\n::::{{div}} module-header\n{' '.join(links)}\n::::\n{after}"
            source[0] = json.dumps(notebook)


# A cell that holds a number, with or without a unit of one character, or nothing.
NUMBER = re.compile(r"[-−+±<>≤≥≈]?[\d\s.,:]*\d\s?[%‰]?|nan|–|")


def align_numbers(table: Tag) -> None:
    """Give the cells of a table's columns of numbers, with their heads, the class `number`."""
    body = [row.select("td, th") for row in table.select("tbody tr")]
    heads = [row.select("td, th") for row in table.select("thead tr")]
    for column in zip(*body, strict=False):
        if column[0].name == "td" and all(NUMBER.fullmatch(cell.get_text(strip=True)) for cell in column):
            place = body[0].index(column[0])
            for cell in [*column, *(row[place] for row in heads if len(row) == len(body[0]))]:
                cell["class"] = [*cell.get("class", []), "number"]


def mend_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Mend the body of a page: header cells of tables, roles in the bibliography, ids that occur twice."""
    body = context.get("body", "")
    if not any(mark in body for mark in ("<table", "citation-list", "exercise-content")):
        return
    page = BeautifulSoup(body, "html.parser")
    for cell in page.select("table th"):
        if not cell.get_text(strip=True):
            cell.name = "td"  # the empty corner is no header (axe: empty-table-header)
        else:
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
    for table in page.select("table.dataframe"):
        align_numbers(table)
    # docutils gives each entry a role that ARIA has withdrawn, and the list then has no items.
    for entry in page.select("div.citation-list > div.citation"):
        entry["role"] = "listitem"
    # Every exercise and solution gets the same id; no link leads there.
    for section in page.select("#exercise-content, #solution-content"):
        del section["id"]
    context["body"] = str(page)


# Faults of the stock theme that no setting reaches, as (what the theme writes, what it should be).
THEME_MENDS = [
    # The name of the course belongs to the page's banner, a landmark (axe: region).
    (
        re.compile(r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand logo".*?</a>)</div>', re.DOTALL),
        r'<header class="sidebar-primary-item">\1</header>',
    ),
    # The buttons that fold the contents have no name (axe: summary-name).
    (
        re.compile(r'(<a class="[^"]*reference internal" href="[^"]*">([^<]*)</a><details[^>]*>)<summary>'),
        r'\1<summary aria-label="Pages under \2">',
    ),
    # What the button shows is "Search Ctrl+K": a name that leaves out half of it cannot be spoken to the computer
    # (axe: label-content-name-mismatch). Without the attribute the name is what is shown.
    (re.compile(r'(<button class="btn search-button-field[^>]*) aria-label="Search"'), r"\1"),
    # So with the buttons that unfold code, which show "Show code cell source" …
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # … and with the button for light and dark, whose pictures have names of their own.
    (re.compile(r'(<i class="theme-switch [^>]*) title="[^"]*"'), r"\1"),
    # With nothing in the bar at the top, what is left of it is a second, empty banner (axe: landmark-unique). The
    # theme's scripts measure its height.
    (re.compile(r'<header id="pst-header"([^>]*)>\s*</header>'), r'<div id="pst-header"\1></div>'),
    # The choice between light and dark is made before the page is painted, not after: no white flash in a dark room.
    # Without JavaScript the page is light.
    (
        re.compile(r'document\.documentElement\.dataset\.theme = localStorage\.getItem\("theme"\) \|\| "auto";'),
        "const stored = document.documentElement.dataset.mode;\n"
        '    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";\n'
        '    document.documentElement.dataset.theme = stored === "auto" ? system : stored;',
    ),
    (re.compile(r'(<html [^>]*)data-theme="auto"'), r'\1data-theme="light"'),
]

FRONT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={page}">
</head>
<body><main><h1>{title}</h1><p><a href="{page}">Open the book</a></p></main></body>
</html>
"""


def mend_theme(html: str) -> str:
    """A whole page with the theme's faults mended."""
    for stock, mended in THEME_MENDS:
        html = stock.sub(mended, html)
    return html


def mend_built_pages(app: Sphinx, exception: Exception | None) -> None:
    """Mend what the theme wrote, on every page; and lead from the folder's index.html to the home page."""
    if exception is not None or app.builder.name != "html":
        return
    for page in app.env.found_docs | {"search", "genindex"}:
        path = Path(app.builder.get_outfilename(page))
        path.write_text(mend_theme(path.read_text(encoding="utf-8")), encoding="utf-8")
    front = FRONT.format(title=escape(app.config.html_title), page=app.builder.get_target_uri(app.config.root_doc))
    Path(app.outdir, "index.html").write_text(front, encoding="utf-8")


def default_mode(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Light or dark as the reader's system is set, until the reader chooses."""
    context["default_mode"] = "auto"


def leave_out_thebe(app: Sphinx, config: Any) -> None:
    """Take out what Jupyter Book adds for running code on a server elsewhere: no page shall name one."""
    for listeners in list(app.events.listeners.values()):
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)
    app.registry.css_files[:] = [file for file in app.registry.css_files if "thebe" not in file[0]]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    for name in computed.COMPUTED:
        app.add_directive(name, ComputedPart)
    app.add_directive("module-header", ModuleHeader)
    app.add_directive("quiz", quiz.Quiz)
    app.add_directive("interactive", interactive.Interactive)
    app.add_node(quiz.html_element, html=(quiz.visit_html_element, quiz.depart_html_element))
    app.add_js_file("quiz.js", loading_method="defer")
    app.connect("config-inited", leave_out_thebe)
    app.connect("source-read", add_module_header)
    app.connect("source-read", add_lab_header)
    app.connect("html-page-context", mend_page, priority=900)
    app.connect("html-page-context", default_mode)
    app.connect("html-page-context", interactive.add_scripts)
    app.connect("build-finished", mend_built_pages, priority=400)  # before a bare index.html is written
    return {"version": __version__, "parallel_read_safe": False, "parallel_write_safe": True}
