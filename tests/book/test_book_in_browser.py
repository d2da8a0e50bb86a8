"""The built book in a real browser: it asks no other host for anything, everyone can use it, and it prints."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from hipkit.course import load_course, toc_files

PAGES = [f"{name}.html" for name in toc_files()] + ["search.html", "genindex.html"]
LESSONS = [f"book/{module.part}/{module.slug}.html" for module in load_course().modules]
WIDE, NARROW = 1280, 390
# The theme looks for what scrolls, and lets the keyboard reach it, some 300 ms after the window has changed.
SETTLED_MS = 500
NAVIGATION = (
    ".bd-sidebar-primary",
    ".bd-sidebar-secondary",
    ".bd-header-article",
    ".prev-next-footer",
    "#pst-back-to-top",
    "#pst-skip-link",
)
# axe's own choice of rules and three that it leaves out unless asked.
RULES = ("label-content-name-mismatch", "target-size", "duplicate-id")
OPTIONS = {"resultTypes": ["violations"], "rules": {rule: {"enabled": True} for rule in RULES}}


def violations(page) -> str:
    """What axe-core finds on the page as it is now; empty if nothing."""
    found = Axe().run(page, options=OPTIONS)
    return found.generate_report() if found.violations_count else ""


def scrolls_sideways(page) -> bool:
    """Whether the page as a whole is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("name", [*PAGES, "index.html"])
def test_a_page_asks_no_other_host_and_its_scripts_run(visit, name: str) -> None:
    seen = visit(name)
    # Scrolling to the end starts what loads late.
    seen.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    seen.page.wait_for_load_state("networkidle")
    assert not seen.foreign, f"{name} asks for {seen.foreign}"
    assert not seen.missing, f"{name} asks for files that are not there: {seen.missing}"
    assert not seen.errors, f"Scripts of {name} fail: {seen.errors}"


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_rendered(visit, name: str) -> None:
    page = visit(name).page
    formulas = page.locator("article .math").count()
    assert page.locator("article .math mjx-container").count() >= formulas
    assert page.locator("article mjx-merror").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(visit, name: str, scheme: str) -> None:
    page = visit(name, width=WIDE, scheme=scheme).page
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    # What is folded is read too.
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.evaluate("document.querySelectorAll('button.toggle-button-hidden').forEach(button => button.click())")
    page.wait_for_timeout(SETTLED_MS)
    assert not (found := violations(page)), f"{name}, {scheme}, {WIDE} pixels wide: {found}"
    page.set_viewport_size({"width": NARROW, "height": 844})
    page.wait_for_timeout(SETTLED_MS)
    assert not (found := violations(page)), f"{name}, {scheme}, {NARROW} pixels wide: {found}"
    assert not scrolls_sideways(page), f"{name} scrolls sideways at {NARROW} pixels"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_menu_and_the_search_on_a_telephone(visit, scheme: str) -> None:
    page = visit("book/index.html", width=NARROW, scheme=scheme).page
    page.locator(".bd-header-article .primary-toggle").click()
    page.locator("#pst-primary-sidebar-modal nav").wait_for()
    assert not (found := violations(page)), found
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").wait_for()
    assert not (found := violations(page)), found


def test_search_finds_a_term_of_the_glossary(visit) -> None:
    page = visit("search.html?q=epsilon").page
    page.locator("#search-results li a").first.wait_for()


def test_the_reader_can_choose_between_light_and_dark_and_the_choice_is_kept(visit) -> None:
    page = visit("book/index.html", scheme="dark").page
    page.locator(".theme-switch-button").first.click()
    chosen = page.evaluate("document.documentElement.dataset.mode")
    page.reload()
    assert chosen == page.evaluate("document.documentElement.dataset.mode") == "light"


@pytest.mark.parametrize("name", LESSONS)
def test_questions_are_answered_by_keyboard_alone_and_the_answer_is_announced(visit, name: str) -> None:
    page = visit(name).page
    quizzes = page.locator(".quiz")
    assert quizzes.count() >= 3
    reached = set()
    # From the top of the page, with the keys that a reader has.
    for _ in range(500):
        page.keyboard.press("Tab")
        group = page.evaluate("document.activeElement.type === 'radio' ? document.activeElement.name : ''")
        if not group or group in reached:
            continue
        reached.add(group)
        quiz = quizzes.filter(has=page.locator(f"input[name='{group}']"))
        # A live region speaks only of changes: it stands in the page, empty, before the first answer.
        status = quiz.get_by_role("status")
        assert status.text_content() == ""
        reasons = quiz.locator("details li")
        assert quiz.get_by_role("radio").count() == reasons.count()
        page.keyboard.press("Space")
        for number in range(reasons.count()):
            if number > 0:
                page.keyboard.press("ArrowDown")
            assert quiz.get_by_role("radio").nth(number).is_checked()
            told = status.inner_text()
            assert told.startswith(("Right. ", "Not quite. ")) and len(told) > 20
            assert status.text_content() == reasons.nth(number).text_content()
            assert status.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert reasons.first.is_visible()
        if len(reached) == quizzes.count():
            break
    assert len(reached) == quizzes.count()


@pytest.mark.parametrize("name", ["book/index.html", *LESSONS])
def test_paper_has_the_text_and_no_navigation(visit, name: str) -> None:
    page = visit(name).page
    page.emulate_media(media="print")
    for part in NAVIGATION:
        for found in page.locator(part).all():
            assert not found.is_visible(), f"{part} is printed"
    assert page.locator("article h1").is_visible()
    folded = page.locator(".quiz details:not([open]) li")
    assert all(answer.is_visible() for answer in folded.all()), "answers stay folded on paper"
