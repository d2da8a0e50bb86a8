"""Filters for nbconvert's templates: what a student wrote is shown as it was meant, and nothing in it runs or loads.

nbconvert's own filter `clean_html` takes away nearly all of Markdown's HTML too, paragraphs and tables among it, and
nbgrader's templates pass Markdown by without it. `nbgrader_config.py` puts these in the place of both.
"""

from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp"),
    *("small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u"),
    *("ul", "var"),
}
# Colours, alignment and borders, as tables of pandas have them; nothing that names an address or leaves its place.
STYLES = ["background-color", "border", "color", "font-style", "font-weight", "text-align", "text-decoration", "width"]
PICTURES = "data:image/"


def _allowed(tag: str, name: str, value: str) -> bool:
    if name in ("class", "id", "title", "lang", "dir", "style"):
        return True
    if tag == "a":
        return name == "href" and not value.lower().strip().startswith("data:")
    if tag == "img":
        # A picture from elsewhere would tell its owner that, and from where, the page was opened.
        return name in ("alt", "width", "height") or (name == "src" and value.lower().startswith(PICTURES))
    return tag in ("td", "th") and name in ("align", "colspan", "rowspan", "scope")


def clean_html(html: str | bytes) -> str:
    """HTML without anything that runs, loads, posts or leaves its place; what is taken away is shown as text."""
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    styles = CSSSanitizer(allowed_css_properties=STYLES)
    return bleach.clean(
        text, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, css_sanitizer=styles
    )


@pass_context
def markdown2html(context: dict[str, Any], source: str) -> str:
    """Markdown as clean HTML, with the pictures that are attached to the cell."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))
