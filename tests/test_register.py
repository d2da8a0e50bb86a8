"""A risk register that holds together passes; what does not is found, named by its place, and can be mended."""

import copy
from collections.abc import Callable

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipkit.cli import main
from hipkit.errors import KitError
from hipkit.paths import DATASETS
from hipkit.register import RULES, Register, faults, parse_register, read_register

EXAMPLE = DATASETS / "risk" / "register.yml"


@pytest.fixture
def register() -> Register:
    return copy.deepcopy(read_register(EXAMPLE))


def risk(register: Register, name: str) -> dict:
    return next(one for one in register["risks"] if one["id"] == name)


def control(register: Register, name: str) -> dict:
    return next(one for one in register["controls"] if one["id"] == name)


def test_the_lessons_example_holds_together(register: Register) -> None:
    assert faults(register) == []


# What somebody does to the register -> the place and a word of the problem that must be found.
BREAKS: dict[str, tuple[Callable[[Register], object], str, str]] = {
    "two controls with one id": (
        lambda r: r["controls"].append(copy.deepcopy(r["controls"][0])),
        "controls › fallback",
        "2 controls",
    ),
    "a harm without a criterion": (lambda r: risk(r, "leak").update(harm="money"), "risks › leak", "criterion"),
    "a criterion that no risk touches": (
        lambda r: r["risks"].remove(risk(r, "overrun")),
        "acceptance › surveillance",
        "no risk",
    ),
    "a type of the other method": (
        lambda r: risk(r, "leak")["threat"].update(type="Unawareness"),
        "risks › leak",
        "no type",
    ),
    "a control that is not there": (
        lambda r: risk(r, "leak").update(controls=["encryption"]),
        "risks › leak",
        "no control 'encryption'",
    ),
    "a control that does not act on its risk": (
        lambda r: risk(r, "leak").update(controls=["deletion", "stop"]),
        "risks › leak",
        "does not act",
    ),
    "a control on a risk that is not there": (
        lambda r: control(r, "stop")["acts"][0].update(risk="flood"),
        "controls › stop",
        "no risk 'flood'",
    ),
    "a high risk without a control": (lambda r: risk(r, "silent").pop("controls"), "risks › silent", "high"),
    "an acceptance that nobody signed": (lambda r: risk(r, "snooping").pop("accepted"), "risks › snooping", "signed"),
    "more risk with controls than without": (
        lambda r: r["acceptance"]["criteria"]["disclosure"].update(after=0.2),
        "acceptance › disclosure",
        "larger",
    ),
    "too much left and nobody has accepted it": (
        lambda r: r["acceptance"]["criteria"]["disclosure"].update(after=0.06),
        "acceptance › disclosure",
        "not acceptable",
    ),
    "too much left and no word on prior consultation": (
        lambda r: r["acceptance"]["criteria"]["disclosure"].update(after=0.06),
        "acceptance › disclosure",
        "Article 36",
    ),
    "a range without width": (lambda r: risk(r, "leak").update(events=[0.1, 0.1]), "risks › leak › events", "no width"),
    "an owner that nobody is": (lambda r: risk(r, "leak").update(owner="Everyone"), "risks › leak › owner", "nobody"),
    "a builder who tests": (
        lambda r: control(r, "stop")["verification"].update(by=control(r, "stop")["owner"]),
        "controls › stop",
        "also tests",
    ),
    "criteria after the result": (
        lambda r: r["acceptance"].update(decided="2026-12-01"),
        "acceptance › decided",
        "after the assessment",
    ),
    "an assessment on the first day": (lambda r: r.update(starts="2026-11-25"), "assessed", "before it is assessed"),
    "a control that is due on the first day": (
        lambda r: control(r, "stop").update(due="2027-03-01"),
        "controls › stop",
        "not due before",
    ),
    "a test before the control": (
        lambda r: control(r, "stop")["verification"].update(day="2027-01-31"),
        "controls › stop",
        "before it is in place",
    ),
    "a test on the first day": (
        lambda r: control(r, "stop")["verification"].update(day="2027-03-01"),
        "controls › stop",
        "not tested before",
    ),
    "a review in the past": (
        lambda r: risk(r, "leak").update(review="2026-11-25"),
        "risks › leak › review",
        "not after",
    ),
    "a review in years": (lambda r: risk(r, "leak").update(review="2029-01-01"), "risks › leak › review", "a year"),
    "a day that does not exist": (lambda r: r.update(assessed="2026-02-30"), "assessed", "calendar"),
    "an assessment without advice": (lambda r: r["dpia"].pop("advice"), "dpia", "'advice'"),
    "an impact assessment on the first day": (
        lambda r: r["dpia"].update(done="2027-03-01"),
        "dpia › done",
        "not finished before",
    ),
    "a provision that is not listed": (
        lambda r: risk(r, "leak").update(legal_basis=["gdpr-99"]),
        "risks › leak",
        "gdpr-99",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_does_not_hold_together_is_found(register: Register, name: str) -> None:
    do, place, word = BREAKS[name]
    do(register)
    found = faults(register)
    assert [fault for fault in found if fault.place == place and word in fault.problem], found
    assert all(fault.mend.endswith((".", "'.")) and len(fault.mend) > 15 for fault in found)


def test_every_rule_is_broken_by_one_of_the_cases(register: Register) -> None:
    silent = {rule.__name__ for rule in RULES}
    for do, *_ in BREAKS.values():
        broken = copy.deepcopy(register)
        do(broken)
        silent -= {rule.__name__ for rule in RULES if list(rule(broken))}
    assert not silent


def test_what_is_accepted_by_name_may_stay(register: Register) -> None:
    register["acceptance"]["criteria"]["disclosure"].update(
        after=0.06,
        accepted={"by": "Municipal director", "day": "2026-12-01", "because": "The sum is new, and will be looked at."},
    )
    register["dpia"]["prior_consultation"] = True
    assert faults(register) == []


@pytest.mark.parametrize(
    ("change", "place", "problem", "mend"),
    [
        (lambda r: r.pop("dpia"), "the register", "there is no 'dpia'", "required (true or false)"),
        (lambda r: risk(r, "leak").pop("owner"), "leak", "there is no 'owner'", "the role that answers for the risk"),
        (lambda r: risk(r, "leak").update(level="red"), "leak", "'level' is no field", "the names are id, scenario"),
        (lambda r: risk(r, "leak").update(events=[-1, 2]), "risks › leak › events › 1", "-1", "events a year"),
        (
            lambda r: risk(r, "leak").update(treatment="hope"),
            "leak › treatment",
            "hope",
            "reduce, accept, avoid or share",
        ),
        (lambda r: r.update(starts="soon"), "starts", "soon", "such as 2027-03-01"),
        (
            lambda r: control(r, "stop")["verification"].update(how="tested"),
            "stop › verification › how",
            "tested is too short",
            "can fail, in a sentence. It has at least 30 characters",
        ),
    ],
)
def test_a_departure_from_the_form_says_what_to_write(
    register: Register, change: Callable, place: str, problem: str, mend: str
) -> None:
    change(register)
    (fault,) = faults(register)
    assert place in fault.place and problem in fault.problem and mend in fault.mend


@pytest.mark.parametrize("text", ["risks: [", "starts: 2026-13-01", "- a list", ""])
def test_text_that_is_no_register_is_refused(text: str) -> None:
    with pytest.raises(KitError, match=r"\.$"):
        parse_register(text)


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every place in a register, as the steps to it."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for step, one in steps for place in [(*path, step), *places(one, (*path, step))]]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.binary()
VALUES = st.recursive(SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), value=VALUES)
def test_whatever_stands_at_a_place_the_answer_is_a_list_of_faults(register: Register, data, value: object) -> None:
    broken = copy.deepcopy(register)
    *around, last = data.draw(st.sampled_from(places(broken)))
    part = broken
    for step in around:
        part = part[step]
    part[last] = value
    assert all(fault.mend for fault in faults(parse_register(yaml.safe_dump(broken))))


def test_a_field_without_a_name_is_found() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("probability: 0.05", "'': 0.05")
    assert "'(no name)' is no field here" in [fault.problem for fault in faults(parse_register(text))]


def test_days_may_be_written_with_and_without_quotes() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert parse_register(text) == parse_register(text.replace("starts: 2027-03-01", "starts: '2027-03-01'"))


def test_the_command_says_what_to_mend_and_fails(tmp_path) -> None:
    right = CliRunner().invoke(main, ["register", str(EXAMPLE)])
    assert right.exit_code == 0 and right.output.startswith("ok")
    broken = tmp_path / "broken.yml"
    broken.write_text(EXAMPLE.read_text(encoding="utf-8").replace("controls: [stop]", "controls: []"), encoding="utf-8")
    answer = CliRunner().invoke(main, ["register", str(EXAMPLE), str(broken)])
    assert answer.exit_code == 1
    assert "risks › overrun: the risk is high, and there is no control" in answer.output
    assert "To mend: Name a control" in answer.output and "2 things are to be mended" in answer.output
    missing = CliRunner().invoke(main, ["register", str(tmp_path / "nothing.yml")])
    assert missing.exit_code == 1 and "Name the file of a register" in missing.output
