"""Cuts a built lesson into slides: its headings, the sentences that carry it, formulas, figures, tables, summary.

Of a section come its first sentence, its lists, its formulas, every sentence with a term in bold, and every figure with
the sentences next to it. The scene, and a section that gives little in this way, give two sentences of each paragraph.
"""

import math
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from itertools import zip_longest

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

# Sections that are worked on or looked up, not shown.
LEFT_OUT = {"Exercises", "Further reading", "For instructors"}
SUMMARY = "Summary"
SCENE = "The scene"
# How much a slide of 1280 by 720 holds, in lines of text as slides.css sets it; the tests measure it in a browser.
LINES = 12.5
CHARACTERS = 64  # a line
TABLE_SCALE = 0.87  # of the size of text in a table to that outside
HEADING_CHARACTERS = 40  # a heading with more takes a second line
HEADING_LINES = 1.2
FORMULA_LINES = 2.5
ROW_GAP_LINES = 0.6  # of a table
NARROWEST = 7  # characters of a column
# A table that takes more is shown row by row.
TABLE_LINES = 12.0
GAP_LINES = 0.4  # after a paragraph
BESIDE_FIGURE_LINES = 6.0  # the text that a figure leaves room for
# A section that gives less text than this, and nothing to look at, gives more sentences.
FEW_LINES = 5.0
SHORT_CHARACTERS = 45  # a sentence with fewer says too little without its neighbour
FIGURE = ".cell_output img, .cell_output svg[role=img], figure img"
LISTS = ("ul", "ol")
# A table or a formula may be wider than a narrow page; the keyboard reaches what scrolls.
SCROLLED = '<div class="scrolled" role="group" aria-label="{}" tabindex="0">{}</div>'
# After a full stop that ends no abbreviation, before a capital, a digit, an opening mark or what is emphasised.
SENTENCE_END = re.compile(r"(?<=[.?!])(?<!\bSt\.)(?<!\bal\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-ZÆØÅ“\"(\d]|$)")
ENDED = re.compile(r"[.?!]\s*$")
MARK = "\0"


@dataclass(frozen=True)
class Slide:
    """One slide. `heading` and `body` are HTML; `anchor` is the id of the section in the lesson."""

    heading: str
    anchor: str
    body: str
    figure: bool = False


@dataclass(frozen=True)
class Block:
    """What must stand on one slide: HTML, and how many lines it takes.

    `kind` is text, "item ul", "item ol", figure, table or row.
    """

    kind: str
    html: str
    lines: float = 0.0
    keep: bool = False  # with the block after it


def outline(article: Tag) -> list[Slide]:
    """The slides of a lesson, without its title and outcomes; the summary comes last.

    Args:
        article: the lesson as the book shows it, an `article` with one section in it.
    """
    lesson = copy(article).select_one("section")
    for link in lesson.select(".headerlink"):
        link.decompose()
    for comment in lesson.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    sections = sorted(_sections(lesson), key=lambda found: found[0] == SUMMARY)
    slides = _slides(SCENE, lesson, generous=True)
    return slides + [slide for heading, section in sections for slide in _slides(heading, section, generous=False)]


def _sections(lesson: Tag) -> Iterator[tuple[str, Tag]]:
    """(heading, section) of the second and third level, without those that are left out."""
    for section in lesson.find_all("section", recursive=False):
        if section.h2.get_text(strip=True) not in LEFT_OUT:
            yield section.h2.decode_contents(), section
            for part in section.find_all("section", recursive=False):
                yield part.h3.decode_contents(), part


def _slides(heading: str, section: Tag, generous: bool) -> list[Slide]:
    blocks = list(_blocks(section, generous))
    if not generous and all(block.kind == "text" for block in blocks) and sum(b.lines for b in blocks) < FEW_LINES:
        blocks = list(_blocks(section, generous=True))
    if not blocks:
        parts = section.find_all("section", recursive=False)
        blocks = [Block("item ul", f"<li>{part.h3.decode_contents()}</li>", 1 + GAP_LINES) for part in parts]
    long = len(BeautifulSoup(heading, "html.parser").get_text()) > HEADING_CHARACTERS
    bodies = _grouped(blocks, LINES - HEADING_LINES * long)
    slides = []
    for number, group in enumerate(bodies, start=1):
        count = f" ({number}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{len(bodies)})" if len(bodies) > 1 else ""
        figure = any(block.kind == "figure" for block in group)
        slides.append(Slide(heading + count, section["id"], _body(group), figure))
    return slides


def _blocks(section: Tag, generous: bool) -> Iterator[Block]:
    """What a section gives, in its order; of each paragraph the first two sentences at least if `generous`."""
    parts = [part for part in section.find_all(True, recursive=False) if _shown(part)]
    first = next((part for part in parts if part.name == "p"), None)
    before = None
    for part, following in zip_longest(parts, parts[1:]):
        if part.name == "section":
            break  # it has a heading of its own
        if part.name == "p":
            least = 2 if generous else int(part is first or (_seen(before) and not _labelled(part)))
            yield from _paragraph(part, following, least)
        elif part.name in LISTS:
            yield from _items(part)
        elif _formula(part):
            yield Block("text", SCROLLED.format("Formula", part), FORMULA_LINES)
        else:
            yield from (Block("figure", str(figure)) for figure in part.select(FIGURE))
            for table in part.select("table"):
                yield from _table(table)
        before = part


def _shown(part: Tag) -> bool:
    """Whether a part of a section can give something; code, questions and what is folded cannot."""
    return part.name in ("p", "section", *LISTS) or _formula(part) or _seen(part)


def _seen(part: Tag | None) -> bool:
    """Whether the part holds something to look at: a figure or a table."""
    return part is not None and part.name == "div" and bool(part.select_one(f"{FIGURE}, table"))


def _paragraph(part: Tag, following: Tag | None, least: int) -> Iterator[Block]:
    """The first `least` sentences, those with a term in bold, and what leads into the part after the paragraph."""
    said = sentences(part)
    leads = following is not None and (
        _formula(following) or _seen(following) or (following.name in LISTS and said[-1].endswith(":"))
    )
    least = max(least, 2 * _labelled(part))
    if least == 1 and _short(said[0]):
        least = 2
    last = len(said) - (1 + _short(said[-1]) if leads else 0)
    shown = [
        sentence for number, sentence in enumerate(said) if number < least or "<strong>" in sentence or number >= last
    ]
    if shown:
        text = " ".join(shown)
        yield Block("text", f"<p>{text}</p>", _lines(text), keep=leads)


def _short(sentence: str) -> bool:
    return len(BeautifulSoup(sentence, "html.parser").get_text()) < SHORT_CHARACTERS


def _labelled(part: Tag) -> bool:
    """Whether a paragraph starts with a sentence in bold, as those on what goes wrong do."""
    start = part.contents[0]
    return isinstance(start, Tag) and start.name == "strong" and bool(ENDED.search(start.get_text()))


def _items(part: Tag) -> Iterator[Block]:
    for number, item in enumerate(part.find_all("li", recursive=False), start=1):
        body = item.p or item
        text = sentences(body)[0] if len(body.get_text()) > 2 * CHARACTERS else body.decode_contents()
        value = f' value="{number}"' if part.name == "ol" else ""
        yield Block(f"item {part.name}", f"<li{value}>{text}</li>", _lines(text))


def _table(table: Tag) -> Iterator[Block]:
    """A short table as it is. Of a longer one that an author wrote each row, as a list of column and content."""
    table.attrs.pop("border", None)
    if (lines := _table_lines(table)) <= TABLE_LINES:
        yield Block("table", SCROLLED.format("Table", table), lines)
        return
    if "dataframe" in table["class"]:
        return
    heads = [cell.get_text(" ", strip=True) for cell in table.select("thead th, thead td")]
    for row in table.select("tbody tr"):
        pairs = zip(heads, row.select("td, th"), strict=True)
        listed = "".join(f"<dt>{head}</dt><dd>{(cell.p or cell).decode_contents()}</dd>" for head, cell in pairs)
        yield Block("row", f"<dl>{listed}</dl>", LINES)


def _table_lines(table: Tag) -> float:
    """How many lines a table takes, with columns as wide as their longest cells ask for."""
    sizes = [[len(cell.get_text(strip=True)) for cell in row.select("td, th")] for row in table.select("tr")]
    widest = [max(column) for column in zip(*sizes, strict=False)]
    room = [max(NARROWEST, CHARACTERS * width / sum(widest)) for width in widest]
    rows = [max(math.ceil(size / width) for size, width in zip(row, room, strict=False)) for row in sizes]
    return TABLE_SCALE * (sum(rows) + ROW_GAP_LINES * len(rows))


def _grouped(blocks: list[Block], limit: float) -> list[list[Block]]:
    """The blocks in groups of at most `limit` lines. A figure takes what little stands around it, a row is alone."""
    groups: list[list[Block]] = []
    used = 0.0
    for block, following in zip_longest(blocks, blocks[1:]):
        lines = _needs(block, limit)
        need = lines + (_needs(following, limit) if block.keep and following else 0)
        if not groups or "row" in (block.kind, groups[-1][-1].kind) or used + need > limit:
            groups.append([])
            used = 0.0
        groups[-1].append(block)
        used += lines
    return groups


def _needs(block: Block, limit: float) -> float:
    """The lines that a block takes of a slide; a figure all but a few."""
    return limit - BESIDE_FIGURE_LINES if block.kind == "figure" else block.lines


def _body(blocks: list[Block]) -> str:
    """The HTML of blocks, with items that follow each other in one list."""
    parts: list[str] = []
    before = ""
    for block in blocks:
        if block.kind != before and before.startswith("item"):
            parts.append(f"</{before.removeprefix('item ')}>")
        if block.kind != before and block.kind.startswith("item"):
            parts.append(f"<{block.kind.removeprefix('item ')}>")
        parts.append(block.html)
        before = block.kind
    if before.startswith("item"):
        parts.append(f"</{before.removeprefix('item ')}>")
    return "\n".join(parts)


def sentences(part: Tag) -> list[str]:
    """The sentences of a paragraph, as HTML. What stands in emphasis, a formula or a citation is not cut."""
    marked = copy(part)
    before = ""
    for child in list(marked.children):
        text = child.get_text() if isinstance(child, Tag) else str(child)
        if not isinstance(child, Tag):
            cut = SENTENCE_END.sub(MARK, text)
            if ENDED.search(before) and text[:1].isspace() and text.strip():
                cut = MARK + cut.lstrip()
            child.replace_with(NavigableString(cut))
        before = text
    found = (" ".join(sentence.split()) for sentence in marked.decode_contents().split(MARK))
    return [sentence for sentence in found if sentence]


def _formula(part: Tag) -> bool:
    return part.name == "div" and "math" in part.get("class", [])


def _lines(text: str) -> float:
    """How many lines of a slide the HTML takes; a formula in a line is about half as long as its source."""
    page = BeautifulSoup(text, "html.parser")
    formulas = sum(len(formula.get_text()) for formula in page.select(".math"))
    return math.ceil((len(page.get_text()) - formulas / 2) / CHARACTERS) + GAP_LINES
