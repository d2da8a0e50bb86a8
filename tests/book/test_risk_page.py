"""The interactive page on risk: the lab's numbers in JavaScript, from a disk, by keyboard and on paper."""

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect
from scipy import stats
from test_book_in_browser import violations

from hipkit.paths import BOOK, NOTEBOOKS

PAGE = "book/interactive/risk.html"
MODEL = BOOK / "_static" / "risk-model.js"


@pytest.fixture(scope="module")
def lab() -> dict:
    """What the cells of the lab have made: its functions, and the case that it reads."""
    matplotlib.use("agg")
    made: dict = {}
    for cell in nbformat.read(NOTEBOOKS / "risk.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, "notebooks/risk.ipynb", "exec"), made)
    return made


@pytest.fixture
def model(browser) -> Callable:
    """Runs a function of risk-model.js in the browser: `model("simulate", scenario, seed, left, years)`."""
    page = browser.new_page()
    page.add_script_tag(path=MODEL)

    def call(name: str, *arguments: object) -> object:
        plain = "(key, value) => ArrayBuffer.isView(value) ? [...value] : value"  # typed arrays come back as lists
        code = f"([name, given]) => JSON.parse(JSON.stringify(hipRisk[name](...given), {plain}))"
        return page.evaluate(code, [name, json.loads(json.dumps(arguments))])

    call.page = page
    yield call
    page.close()


@pytest.fixture
def page(visit) -> Page:
    return visit(PAGE).page


def shown(page: Page, identity: str) -> float:
    """The number that an element of the page shows."""
    text = page.locator(f"#{identity}").inner_text()
    return float(text.replace("\N{NO-BREAK SPACE}", "").removesuffix(" %"))


def write(page: Page, identity: str, value: object) -> None:
    page.locator(f"#{identity}").fill(str(value))


def settled(page: Page) -> None:
    """Wait until what was typed has been computed."""
    page.wait_for_timeout(400)


def test_risk_draws_are_those_of_numpy_bit_by_bit(model) -> None:
    for seed in (0, 1, 2026, 2**32 - 1):
        code = "seed => { const draw = hipRisk.mersenneTwister(seed); return Array.from({length: 3000}, draw) }"
        assert model.page.evaluate(code, seed) == np.random.RandomState(seed).random_sample(3000).tolist()


def test_risk_quantiles_are_those_of_scipy(model) -> None:
    shares = np.concatenate(
        [np.geomspace(1e-15, 0.4, 300), np.linspace(0.001, 0.999, 500), 1 - np.geomspace(1e-12, 0.4, 300)]
    )
    code = "shares => shares.map(hipRisk.normalQuantile)"
    assert np.allclose(model.page.evaluate(code, shares.tolist()), stats.norm.ppf(shares), rtol=1e-12, atol=1e-15)
    rng = np.random.default_rng(1)
    means, shares = 10 ** rng.uniform(-4, 3.5, 3000), rng.random(3000)
    code = "([shares, means]) => shares.map((share, at) => hipRisk.poissonQuantile(share, means[at]))"
    assert model.page.evaluate(code, [shares.tolist(), means.tolist()]) == stats.poisson.ppf(shares, means).tolist()


@pytest.mark.parametrize("left", [{"events": 1.0, "persons": 1.0}, {"events": 0.25, "persons": 0.6}])
def test_risk_years_are_those_of_the_lab(lab, model, left: dict) -> None:
    for number, scenario in enumerate(lab["scenarios"].values()):
        seed = lab["case"]["seed"] + number
        theirs, ours = (
            np.array(model("simulate", scenario, seed, left, 2000)),
            lab["simulate"](scenario, seed, left, 2000),
        )
        assert np.allclose(theirs, ours, rtol=1e-10, atol=1e-12)
        weight = lab["harms"][scenario["harm"]]["weight"]
        assert model("expected", scenario, left, weight) == pytest.approx(lab["expected"](scenario, left), rel=1e-10)
    bounded = scenario | {"persons": [20, 300], "at_most": 60}
    assert np.allclose(model("simulate", bounded, 7, left, 2000), lab["simulate"](bounded, 7, left, 2000), rtol=1e-10)


def test_risk_choices_and_the_value_of_information_are_those_of_the_lab(lab, model) -> None:
    for budget in (0, 150_000, 300_000, 490_000, 700_000, 2_000_000):
        case = lab["case"] | {"budget": budget}
        assert set(model("bestSet", case)) == set(lab["best_set"](budget))
        assert set(model("redsFirst", case)) == set(lab["reds_first"](budget))
        ours = [lab["information_value"](name, budget) for name in lab["scenarios"]]
        assert model("informationValue", case) == pytest.approx(ours, rel=1e-9, abs=1e-9)
    for scenario in lab["scenarios"].values():
        assert model("inMatrix", lab["case"], scenario)["score"] == lab["matrix_score"](scenario)
    for hits in range(11):
        widened = model("widened", [0.02, 0.15], model("widening", hits, 10))
        assert widened == pytest.approx(lab["widened"]([0.02, 0.15], hits).tolist(), rel=1e-10)
        assert model("hitsOrFewer", hits, 10) == pytest.approx(stats.binom.cdf(hits, 10, 0.9), rel=1e-10)


def test_risk_page_shows_the_numbers_of_the_lesson(html, lab, page: Page) -> None:
    before = lab["exceeds"](())
    lesson = BeautifulSoup(
        (html / "book/engineering-and-assurance/risk.html").read_text(encoding="utf-8"), "html.parser"
    )
    tables = " ".join(table.get_text(" ") for table in lesson.select("table.dataframe"))
    for harm, probability in before.items():
        assert (
            shown(page, f"before-{harm}") == shown(page, f"after-{harm}") == pytest.approx(100 * probability, abs=0.05)
        )
        assert f" {shown(page, f'before-{harm}'):.1f}%" in tables
    for name in lab["scenarios"]:
        assert f"{name} {shown(page, f'alone-{name}'):.1f}%" in tables
    page.locator("#choose-best").click()
    assert shown(page, "harm-after") == round(lab["total_expected"](lab["best_set"](300_000)))
    assert shown(page, "harm-before") == round(lab["total_expected"](()))
    assert shown(page, "after-late_help") == pytest.approx(
        100 * lab["exceeds"](lab["best_set"](300_000))["late_help"], abs=0.05
    )
    page.locator("#choose-reds").click()
    assert shown(page, "harm-after") == round(lab["total_expected"](lab["reds_first"](300_000)))


def test_risk_page_computes_with_the_readers_numbers(lab, page: Page) -> None:
    write(page, "silent-events-low", 8)
    write(page, "silent-events-high", 50)
    write(page, "weight-late_help", 5)
    settled(page)
    scenario = lab["scenarios"]["silent"] | {"events": [8, 50]}
    total = lab["simulated"]("outage") + lab["simulated"]("ransomware")
    total = total + lab["simulate"](scenario, lab["case"]["seed"] + 1, lab["NOTHING_DONE"])
    assert shown(page, "before-late_help") == pytest.approx(100 * (total > 40).mean(), abs=0.05)
    late = [
        lab["expected"](s, lab["NOTHING_DONE"]) / 4
        for n, s in lab["scenarios"].items()
        if n in ("outage", "ransomware")
    ]
    others = [lab["expected"](s, lab["NOTHING_DONE"]) for s in lab["scenarios"].values() if s["harm"] != "late_help"]
    changed = lab["expected"](scenario, lab["NOTHING_DONE"]) / 4
    assert shown(page, "harm-before") == round(sum(late) + sum(others) + changed)
    page.locator("#reset").click()
    assert shown(page, "before-late_help") == pytest.approx(100 * lab["exceeds"](())["late_help"], abs=0.05)


def test_risk_numbers_that_do_not_fit_are_named_and_not_computed_with(page: Page) -> None:
    shown_before = shown(page, "before-late_help")
    write(page, "outage-events-low", 0)
    settled(page)
    expect(page.locator("#outage-events-low-fault")).to_have_text("Write a number from 0.001 to 100.")
    expect(page.locator("#outage-events-low")).to_have_attribute("aria-invalid", "true")
    write(page, "outage-events-low", 9)
    settled(page)
    expect(page.locator("#outage-fault")).to_contain_text("low end must be below the high end (events)")
    assert shown(page, "before-late_help") == shown_before


def answer(page: Page, lab: dict, right: int) -> None:
    """Give ranges of which so many hold the truth."""
    for number, question in enumerate(lab["case"]["questions"]):
        low, high = (0.5, 2) if number < right else (2, 3) if number % 2 else (0.2, 0.5)
        write(page, f"question-{number}-low", question["truth"] * low)
        write(page, f"question-{number}-high", question["truth"] * high)


def test_risk_calibration_is_scored_explained_and_can_widen_the_ranges(lab, page: Page) -> None:
    status = page.locator("#calibration-result")
    page.locator("#score").click()
    expect(status).to_contain_text("0 of 10 questions are answered")
    answer(page, lab, right=6)
    page.locator("#score").click()
    expect(status).to_contain_text("6 of 10 of your ranges hold the truth")
    expect(status).to_contain_text(f"{100 * stats.binom.cdf(6, 10, 0.9):.1f} %")
    for number, question in enumerate(lab["case"]["questions"]):
        verdict = page.locator(f"#question-{number}-verdict")
        expect(verdict).to_contain_text("Inside" if number < 6 else "Outside")
        expect(verdict).to_contain_text(question["source"])
    page.locator("#widen").check()
    total = sum(
        lab["simulate"](
            s | {key: lab["widened"](s[key], 6) for key in ("events", "persons")},
            lab["case"]["seed"] + number,
            lab["NOTHING_DONE"],
        )
        for number, s in enumerate(lab["scenarios"].values())
        if s["harm"] == "late_help"
    )
    assert shown(page, "before-late_help") == pytest.approx(100 * (total > 40).mean(), abs=0.05)
    page.locator("#widen").uncheck()
    assert shown(page, "before-late_help") == pytest.approx(100 * lab["exceeds"](())["late_help"], abs=0.05)


def test_risk_page_is_completed_by_keyboard_alone(lab, page: Page) -> None:
    def tab_to(identity: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == identity:
                return
        pytest.fail(f"the keyboard does not reach {identity}")

    for number in range(5):
        tab_to(f"question-{number}-low")
        page.keyboard.type("1000")
        page.keyboard.press("Tab")
        page.keyboard.type("200000")
    tab_to("score")
    page.keyboard.press("Enter")
    expect(page.locator("#calibration-result")).to_contain_text("5 of 5")
    tab_to("outage-events-high")
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    tab_to("budget")
    page.keyboard.press("Control+a")
    page.keyboard.type("500000")
    for control in ("fallback", "heartbeat", "deletion", "stop"):
        tab_to(f"control-{control}")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.id") == f"control-{control}", "the focus is lost"
    result = page.locator("#controls-result")
    expect(result).to_have_attribute("role", "status")
    expect(result).to_contain_text("Criteria met: late help, disclosure, surveillance")
    tab_to("choose-best")
    page.keyboard.press("Enter")
    expect(page.locator("#control-heartbeat")).to_be_checked()
    tab_to("print")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_risk_page_after_it_was_used(visit, lab, scheme: str) -> None:
    page = visit(PAGE, scheme=scheme).page
    answer(page, lab, right=4)
    page.locator("#score").click()
    page.locator("#widen").check()
    page.locator("#choose-reds").click()
    write(page, "outage-events-low", 0)
    settled(page)
    assert not (found := violations(page)), found
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    assert not (found := violations(page)), found
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_risk_page_works_from_a_disk_and_keeps_nothing(browser, html: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((html / PAGE).as_uri())
    expect(page.locator("#before-late_help")).to_have_text("14.9 %")
    stored = page.evaluate("Object.keys(localStorage).filter(key => key.includes('risk'))")
    assert not errors and not stored and not context.cookies()
    context.close()


def test_risk_page_on_paper_has_the_answers_and_no_buttons(lab, page: Page) -> None:
    answer(page, lab, right=7)
    page.locator("#score").click()
    page.locator("#choose-best").click()
    page.emulate_media(media="print")
    for button in page.locator(".risk-button").all():
        assert not button.is_visible()
    for identity in (
        "question-0-low",
        "question-0-verdict",
        "calibration-result",
        "before-late_help",
        "controls-result",
    ):
        assert page.locator(f"#{identity}").is_visible()
    assert all(curve.is_visible() for curve in page.locator(".risk-curve svg").all())
    assert page.locator(".risk-curve svg").first.get_attribute("aria-label").startswith("Late help: the probability")


def test_only_the_risk_page_loads_its_scripts(html: Path) -> None:
    naming = [path.relative_to(html).as_posix() for path in html.rglob("*.html") if "risk-model.js" in path.read_text()]
    assert naming == [PAGE]
