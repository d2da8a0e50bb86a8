"""The kit's Sphinx extension: module headers, computed pages, questions, and the theme's faults of accessibility."""

import re
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hipkit import __version__
from hipkit.book import computed, quiz
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


# In front matter: the key "module" with the indented lines under it. It may hold dates, which myst-nb cannot keep.
MODULE_FIELDS = re.compile(r"^module:\n(?: .*\n)+", re.MULTILINE)


def add_module_header(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the header under the title of every lesson, in place of the fields of its front matter."""
    course: Course = load_course()
    for module in course.modules:
        if (ROOT / f"{docname}.md") == module.lesson:
            text = MODULE_FIELDS.sub("", source[0], count=1)
            before, title, after = text.partition(f"\n# {module.title}\n")
            source[0] = f"{before}{title}\n{computed.module_header(module, course)}\n{after}"


def mend_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Data tables get header cells with a scope; an empty corner cell is a plain cell (axe: empty-table-header)."""
    if "<table" not in context.get("body", ""):
        return
    page = BeautifulSoup(context["body"], "html.parser")
    for cell in page.select("table th"):
        if not cell.get_text(strip=True):
            cell.name = "td"
        else:
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
    for table in page.select("table"):
        # A wide table scrolls inside its own box, which the keyboard can reach.
        box = page.new_tag("div", attrs={"class": "table-box", "tabindex": "0", "role": "group", "aria-label": "Table"})
        table.wrap(box)
    context["body"] = str(page)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    for name in computed.COMPUTED:
        app.add_directive(name, ComputedPart)
    app.add_directive("quiz", quiz.Quiz)
    app.add_node(quiz.html_element, html=(quiz.visit_html_element, quiz.depart_html_element))
    app.add_js_file("quiz.js", loading_method="defer")
    app.connect("source-read", add_module_header)
    app.connect("html-page-context", mend_page, priority=900)
    return {"version": __version__, "parallel_read_safe": False, "parallel_write_safe": True}
