"""Filters for nbconvert's templates: what a student wrote is shown as it was meant, and nothing in it runs or loads.

nbconvert's own filter `clean_html` takes away nearly all of Markdown's HTML too, paragraphs and tables among it, and
nbgrader's templates pass Markdown by without it. `nbgrader_config.py` puts these in the place of both.
"""

from typing import Any

import nh3
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp"),
    *("small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u"),
    *("ul", "var"),
}
EVERYWHERE = {"class", "dir", "id", "lang", "style", "title"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
# Colours, alignment and borders, as tables of pandas have them; nothing that names an address or leaves its place.
STYLES = {"background-color", "border", "color", "font-style", "font-weight", "text-align", "text-decoration", "width"}


def _kept(tag: str, name: str, value: str) -> str | None:
    """An attribute's value; None takes the attribute away."""
    picture = value.lower().startswith("data:image/")
    if (tag, name) == ("img", "src"):
        # A picture from elsewhere would tell its owner that, and from where, the page was opened.
        return value if picture else None
    return None if name == "href" and value.lower().strip().startswith("data:") else value


def clean_html(html: str | bytes) -> str:
    """HTML without anything that runs, loads, posts or leaves its place."""
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties=STYLES,
    )


@pass_context
def markdown2html(context: dict[str, Any], source: str) -> str:
    """Markdown as clean HTML, with the pictures that are attached to the cell."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))
