"""The slides of every lesson, in a real browser and from the disk: complete, in their frame, for everyone, on paper."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from hipkit.book.slides.decks import write_decks
from hipkit.book.slides.outline import outline, sentences
from hipkit.course import Module, load_course

MODULES = load_course().modules
SLUGS = [module.slug for module in MODULES]
# axe would fetch style sheets once more, which a browser does not allow on pages from the disk.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
LEFT_OUT = "#exercises, #further-reading, #for-instructors"
# Everything on the slides must end above what reveal.js shows at the bottom, and before the right margin.
BOTTOM, RIGHT = 690, 1240
STICKING_OUT = """([bottom, right]) => deck.getSlides().flatMap((slide, number) => {
  deck.slide(number);
  const parts = [...slide.querySelectorAll("*")].filter(part => !part.closest(".notes, mjx-assistive-mml"));
  const seen = parts.map(part => part.getBoundingClientRect()).filter(box => box.width && box.height);
  const most = [Math.max(...seen.map(box => box.bottom)), Math.max(...seen.map(box => box.right))];
  return most[0] > bottom || most[1] > right ? [`${slide.querySelector("h2").textContent}: ${most}`] : [];
})"""
# The same on the pages that are printed, where reveal.js takes margins and heights away.
CUT_ON_PAPER = """pages => pages.flatMap(page => {
  const frame = page.getBoundingClientRect();
  const boxes = [...page.querySelectorAll("section h2, section > p, img, svg, table, dl, li")]
    .filter(part => !part.closest(".notes")).map(part => part.getBoundingClientRect());
  const inside = box => box.left >= frame.left + 40 && box.right <= frame.right && box.bottom <= frame.bottom;
  return boxes.every(inside) ? [] : [page.querySelector("h2").textContent];
})"""


@pytest.fixture(scope="module")
def decks(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every deck, made from the built book, which stands beside it."""
    root = tmp_path_factory.mktemp("slides")
    (root / "html").symlink_to(html)
    assert [deck.stem for deck in write_decks(root / "html", root / "slides")] == SLUGS
    return root / "slides"


@pytest.fixture
def open_deck(browser: Browser, decks: Path) -> Iterator[Callable[..., Page]]:
    """Opens a deck from the disk; at the end fails if it asked for another host or a file that is not there."""
    contexts, asked, faults = [], [], []

    def open_page(slug: str, width: int = 1280, height: int = 720, scheme: str = "light", query: str = "") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("requestfailed", lambda request: faults.append(f"not there: {request.url}"))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: message.type == "error" and faults.append(message.text))
        page.goto((decks / f"{slug}.html").as_uri() + query)
        page.locator("[data-ready]").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if urlsplit(url).scheme not in ("file", "data", "blob", "about")] == []
    assert faults == []


def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def lesson(decks: Path, module: Module) -> BeautifulSoup:
    """What of a built lesson may be on its slides."""
    article = parsed(decks.parent / "html" / "book" / module.part / f"{module.slug}.html").select_one("article")
    for part in article.select(LEFT_OUT):
        part.decompose()
    return article


def show(page: Page, number: int) -> None:
    page.evaluate("number => deck.slide(number)", number)


@pytest.mark.parametrize("module", MODULES, ids=SLUGS)
def test_a_deck_has_the_headings_the_outcomes_and_the_summary_last(decks: Path, module: Module) -> None:
    slides = parsed(decks / f"{module.slug}.html").select(".slides > section")
    headings = [re.sub(r" \(\d+\sof\s\d+\)$", "", slide.h2.get_text()) for slide in slides]
    wanted = [h2.get_text().removesuffix("#") for h2 in lesson(decks, module).select("h2")]
    assert headings[0] == module.title
    assert [text for text in dict.fromkeys(headings) if text in wanted] == wanted
    assert wanted[-1] == headings[-1] == "Summary"
    assert [item.get_text() for item in slides[1].select("li")] == [outcome.text for outcome in module.outcomes]
    lines = lesson(decks, module).select("#summary li")
    assert len(lines) == sum(len(slide.select("li")) for slide in slides if slide.h2.get_text().startswith("Summary"))


@pytest.mark.parametrize("module", MODULES, ids=SLUGS)
def test_every_figure_of_the_lesson_is_there_with_its_alt_text(decks: Path, module: Module) -> None:
    figures = ".cell_output img, .cell_output svg[role=img]"

    def told(part) -> str:
        return part.get("alt") or part.title.get_text()

    wanted = [told(figure) for figure in lesson(decks, module).select(figures)]
    deck = parsed(decks / f"{module.slug}.html")
    assert [told(figure) for figure in deck.select("section img, section svg[role=img]")] == wanted
    assert len(wanted) >= 2 and all(len(text) > 40 for text in wanted)
    assert all((decks / image["src"]).is_file() for image in deck.select("img"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_link_leads_somewhere_and_every_note_into_the_lesson(decks: Path, slug: str) -> None:
    deck = parsed(decks / f"{slug}.html")
    ids: dict[Path, set[str]] = {}
    for link in deck.select("a[href]"):
        parts = urlsplit(link["href"])
        if not parts.scheme:
            file = decks / unquote(parts.path)
            assert file.is_file(), link
            if parts.fragment:
                if file not in ids:
                    ids[file] = {tag["id"] for tag in parsed(file).select("[id]")}
                assert unquote(parts.fragment) in ids[file], link
    slides = deck.select(".slides > section")
    assert all(slide.select(f".notes a[href*='/{slug}.html']") for slide in slides)


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_sticks_out_and_every_formula_is_set(open_deck, slug: str) -> None:
    page = open_deck(slug)
    assert page.evaluate(STICKING_OUT, [BOTTOM, RIGHT]) == []
    assert page.locator(".math:not(:has(mjx-container))").count() == 0
    assert page.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", SLUGS)
def test_axe_finds_nothing_on_slides_and_on_the_narrow_page_with_all_of_them(open_deck, slug: str, scheme: str) -> None:
    page = open_deck(slug, scheme=scheme)
    with_figure = page.locator(".slides > section.with-figure").first
    for number in (0, 1, with_figure.evaluate("slide => deck.getSlides().indexOf(slide)")):
        show(page, number)
        found = Axe().run(page, options=OPTIONS)
        assert not found.violations_count, found.generate_report()
    page = open_deck(slug, width=390, height=844, scheme=scheme)
    assert page.locator(".slides > section:visible").count() == page.locator(".slides > section").count()
    found = Axe().run(page, options=OPTIONS)
    assert not found.violations_count, found.generate_report()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_the_keyboard_turns_the_slides_and_a_screen_reader_is_told_what_is_on_them(open_deck) -> None:
    page = open_deck(SLUGS[0])
    count = page.locator(".slides > section").count()
    status = page.locator(".aria-status[aria-live=polite]")
    spoken = []
    for _ in range(count):
        shown = page.locator(".slides > section:visible")
        assert shown.count() == 1
        expect(status).to_contain_text(shown.locator("h2").inner_text())
        spoken.append(status.text_content())
        for image in shown.locator("img").all():
            assert page.get_by_role("img", name=image.get_attribute("alt"), exact=True).count() == 1
        page.keyboard.press("ArrowRight")
    assert len(set(spoken)) == count
    assert page.locator("html").get_attribute("lang") == "en"
    page.keyboard.press("Home")
    assert page.evaluate("deck.getState().indexh") == 0


def test_the_notes_open_with_a_link_to_the_section(open_deck) -> None:
    page = open_deck(SLUGS[0])
    show(page, 3)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    link = opened.value.locator(".speaker-controls-notes a")
    link.wait_for()
    assert f"/{SLUGS[0]}.html#" in link.get_attribute("href")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_deck_prints_one_page_a_slide_dark_ink_on_white(open_deck, slug: str) -> None:
    page = open_deck(slug, scheme="dark", query="?print-pdf")
    page.locator(".pdf-page").first.wait_for()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    cut = page.locator(".pdf-page").evaluate_all(CUT_ON_PAPER)
    assert cut == []
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == page.locator(".slides section").count()


def test_sentences_end_where_they_end() -> None:
    paragraph = BeautifulSoup(
        "<p>It is 0.5. <em>Who asks?</em> Noise [<a>Abadi <i>et al.</i>, 2016</a>] helps at St. Olav. 3 are left.</p>",
        "html.parser",
    ).p
    assert [BeautifulSoup(one, "html.parser").get_text() for one in sentences(paragraph)] == [
        "It is 0.5.",
        "Who asks?",
        "Noise [Abadi et al., 2016] helps at St. Olav.",
        "3 are left.",
    ]


def test_a_long_section_is_split_and_its_slides_are_counted() -> None:
    items = "".join(f"<li>{'word ' * 20}{number}</li>" for number in range(12))
    article = BeautifulSoup(
        f"<article><section id='a'><p>Said.</p><section id='s'><h2>Summary</h2><ol>{items}</ol></section></section>",
        "html.parser",
    ).article
    first, *slides = outline(article)
    assert first.heading == "The scene"
    assert len(slides) > 1
    assert [slide.heading.replace("\N{NO-BREAK SPACE}", " ") for slide in slides] == [
        f"Summary ({number} of {len(slides)})" for number in range(1, len(slides) + 1)
    ]
    values = re.findall(r'<li value="(\d+)"', "".join(slide.body for slide in slides))
    assert values == [str(number) for number in range(1, 13)]
