"""A risk register as a file: read it, and say what does not hold together and how to mend it.

The form is in datasets/risk/register.schema.json, whose descriptions are what a message says to write. Whether the
parts agree with each other is in this file, a function for each group of rules: what is high has a control, a control
has a test, a test comes before real persons do. Whether a judgement is wise no rule can say.
"""

import functools
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from jsonschema_rs import Draft202012Validator, ValidationErrorKind

from hipkit.errors import KitError
from hipkit.paths import BOOK, DATASETS

SCHEMA = DATASETS / "risk" / "register.schema.json"
THREAT_TYPES = DATASETS / "risk" / "threat_types.yml"
# Words that fill the field of an owner and name nobody.
NOBODY = {"all staff", "everybody", "everyone", "nobody", "none", "the project", "to be decided", "unknown"}
# A risk is looked at again within a year of the start of the service.
REVIEW = timedelta(days=366)

Register = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What does not hold: the place in the register, the problem, and how to mend it."""

    place: str
    problem: str
    mend: str


def parse_register(text: str) -> Register:
    """A register from its YAML, with days as text such as 2026-11-25.

    Raises:
        KitError: the text is not YAML, or no register.
    """
    try:
        register = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that the calendar does not have
        reason = " ".join(str(error).split())
        raise KitError(f"The register is not valid YAML ({reason}). Correct the line it names.") from error
    if not isinstance(register, dict):
        raise KitError("The register is empty or a list. Start with 'service: …', as datasets/risk/register.yml does.")
    return _plain(register)


def read_register(path: Path) -> Register:
    """A register from its file.

    Raises:
        KitError: the file is not there, or not valid YAML.
    """
    try:
        return parse_register(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError) as error:
        raise KitError(f"{path} is no file of text. Name the file of a register.") from error


def faults(register: Register) -> list[Fault]:
    """Everything in a register that does not hold together; the parts are compared when their form is right."""
    wrong = list(form_faults(register))
    return wrong or [fault for rule in RULES for fault in rule(register)]


def form_faults(register: Register) -> Iterator[Fault]:
    """Where the register departs from its schema."""
    errors = Draft202012Validator(_schema()).iter_errors(register)
    for error in sorted(errors, key=lambda one: [str(step) for step in one.instance_path]):
        path, place = error.instance_path, _place(register, error.instance_path)
        match error.kind:
            case ValidationErrorKind.Required(property=name):
                yield Fault(place, f"there is no '{name}'", _what_to_write([*path, name]))
            case ValidationErrorKind.AdditionalProperties(unexpected=unknown):
                known = ", ".join(_part(path)["properties"])
                mend = f"Take it out, or correct its name; the names are {known}."
                yield from (Fault(place, f"'{name}' is no field here", mend) for name in unknown)
            case ValidationErrorKind.MinLength(limit=least):
                mend = f"{_what_to_write(path)} It has at least {least} characters."
                yield Fault(place, f"{_shown(error.instance)} is too short", mend)
            case _:
                yield Fault(place, f"{_shown(error.instance)} does not fit", _what_to_write(path))


def _shown(value: Any) -> str:
    given = str(value)
    return given if len(given) <= 60 else f"{given[:59]}…"


@functools.cache
def _schema() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@functools.cache
def _threat_types() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(THREAT_TYPES.read_text(encoding="utf-8"))


@functools.cache
def _provisions() -> frozenset[str]:
    return frozenset(item["id"] for item in yaml.safe_load((BOOK / "law.yml").read_text(encoding="utf-8")))


def _plain(value: Any) -> Any:
    """As JSON can hold it: days and what else YAML knows become text."""
    if isinstance(value, dict):
        return {str(key) or "(no name)": _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    plain = value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if plain else str(value)


def _part(path: Sequence[str | int]) -> dict[str, Any]:
    """The part of the schema that holds for a place in the register."""
    part = _schema()
    for step in path:
        if isinstance(step, int):
            part = part["items"]
        else:
            part = part["properties"][step] if step in part.get("properties", {}) else part["additionalProperties"]
        if "$ref" in part:
            part = _schema()["$defs"][part["$ref"].rpartition("/")[2]] | part
    return part


def _what_to_write(path: Sequence[str | int]) -> str:
    """What the schema says should stand at a place, or at the nearest one around it of which it says anything."""
    while "description" not in _part(path):
        path = path[:-1]
    return f"Write {_part(path)['description']}."


def _place(register: Register, path: list[str | int]) -> str:
    """A place in words: entries of lists by their id where they have one."""
    words, value = [], register
    for step in path:
        value = value[step]
        named = isinstance(step, int) and isinstance(value, dict) and isinstance(value.get("id"), str)
        words.append(value["id"] if named else str(step + 1 if isinstance(step, int) else step))
    return " › ".join(words) or "the register"


def high_harms(register: Register) -> set[str]:
    """The kinds of harm for which a year worse than the criterion is too probable without controls.

    Each risk of such a harm counts as high, also one that adds little: the criterion holds for their sum.
    """
    criteria = register["acceptance"]["criteria"]
    return {harm for harm, criterion in criteria.items() if criterion["before"] > criterion["probability"]}


def _names(register: Register) -> Iterator[Fault]:
    """Names occur once, and what is named is there."""
    for kind in ("risks", "controls"):
        for name, number in Counter(one["id"] for one in register[kind]).items():
            if number > 1:
                yield Fault(f"{kind} › {name}", f"{number} {kind} have this id", "Give each its own.")
    harms, types = register["acceptance"]["criteria"], _threat_types()
    risks = {risk["id"]: risk for risk in register["risks"]}
    controls = {control["id"]: control for control in register["controls"]}
    for risk in register["risks"]:
        here, threat = f"risks › {risk['id']}", risk["threat"]
        if risk["harm"] not in harms:
            mend = f"Name one of {', '.join(harms)}, or add a criterion for it."
            yield Fault(here, f"there is no acceptance criterion for '{risk['harm']}'", mend)
        if threat["type"] not in types[threat["method"]]:
            known = ", ".join(types[threat["method"]])
            yield Fault(here, f"{threat['method']} has no type '{threat['type']}'", f"Its types are {known}.")
        for name in risk.get("controls", []):
            if name not in controls:
                yield Fault(here, f"there is no control '{name}'", "Add it under controls, or take the name out.")
            elif risk["id"] not in {act["risk"] for act in controls[name]["acts"]}:
                mend = f"Say under 'acts' of {name} what it does to {risk['id']}, or take it out here."
                yield Fault(here, f"the control '{name}' does not act on this risk", mend)
    for harm in harms:
        if harm not in {risk["harm"] for risk in register["risks"]}:
            yield Fault(f"acceptance › {harm}", "no risk has this harm", "Look for one, or take the criterion out.")
    for control in register["controls"]:
        for act in control["acts"]:
            if act["risk"] not in risks:
                problem = f"there is no risk '{act['risk']}'"
                yield Fault(f"controls › {control['id']}", problem, "Add it under risks, or take it out of 'acts'.")
            elif control["id"] not in risks[act["risk"]].get("controls", []):
                mend = f"Name it under 'controls' of {act['risk']}, or take it out of 'acts'."
                yield Fault(f"controls › {control['id']}", f"the risk '{act['risk']}' does not name it", mend)


def _treatment(register: Register) -> Iterator[Fault]:
    """What is high is treated, and what is accepted has a name and a reason."""
    high = high_harms(register)
    for risk in register["risks"]:
        here = f"risks › {risk['id']}"
        if risk["treatment"] == "accept":
            if "accepted" not in risk:
                mend = "Say under 'accepted' by whom, on which day and because of what; or treat it."
                yield Fault(here, "it is accepted, and nobody has signed", mend)
        elif not risk.get("controls"):
            high_or_not = "the risk is high" if risk["harm"] in high else f"the treatment is '{risk['treatment']}'"
            mend = "Name a control under 'controls', or have the risk accepted by somebody who may."
            yield Fault(here, f"{high_or_not}, and there is no control", mend)


def _what_is_left(register: Register) -> Iterator[Fault]:
    """Controls do not make it worse, and what is left above the criterion is somebody's decision."""
    dpia = register["dpia"]
    for harm, criterion in register["acceptance"]["criteria"].items():
        here = f"acceptance › {harm}"
        if criterion["after"] > criterion["before"]:
            yield Fault(here, "the risk is larger with the controls than without", "Compute both again.")
        if criterion["after"] > criterion["probability"]:
            if "accepted" not in criterion:
                mend = "Add controls, or say under 'accepted' who accepts this, when and why."
                yield Fault(here, "what is left is not acceptable by the criterion", mend)
            if dpia["required"] and "prior_consultation" not in dpia:
                mend = "Say under dpia whether Datatilsynet is consulted first: 'prior_consultation: true' or 'false'."
                problem = "what is left is high, and nothing is said of prior consultation (GDPR Article 36)"
                yield Fault(here, problem, mend)


def _ranges(register: Register) -> Iterator[Fault]:
    for risk in register["risks"]:
        for name in ("events", "persons"):
            low, high = risk[name]
            if low >= high:
                mend = "Write the low end first; if both ends are equal, you claim to know it exactly."
                yield Fault(f"risks › {risk['id']} › {name}", f"the range [{low:g}, {high:g}] has no width", mend)


def _people(register: Register) -> Iterator[Fault]:
    """Every owner is a role that somebody has, and nobody tests their own work."""
    roles = [("acceptance › decided_by", register["acceptance"]["decided_by"])]
    for kind in ("risks", "controls"):
        roles += [(f"{kind} › {one['id']} › owner", one["owner"]) for one in register[kind]]
    for control in register["controls"]:
        tester = control["verification"]["by"]
        roles.append((f"controls › {control['id']} › verification › by", tester))
        if tester.casefold() == control["owner"].casefold():
            problem = "who puts the control in place also tests it"
            yield Fault(f"controls › {control['id']}", problem, "Name another role under 'by'.")
    for place, role in roles:
        if role.strip().casefold() in NOBODY:
            yield Fault(place, f"'{role}' names nobody", "Write a role that one person has, such as head of home care.")


def _days(register: Register) -> Iterator[Fault]:
    """Criteria come before the assessment, and everything that protects persons before the persons."""
    days = dict(_all_days(register, []))
    impossible = {place: text for place, text in days.items() if _day(text) is None}
    for place, text in impossible.items():
        yield Fault(place, f"{text} is no day of the calendar", "Write a day that exists.")
    if impossible:
        return
    starts, assessed = _day(register["starts"]), _day(register["assessed"])
    if _day(register["acceptance"]["decided"]) > assessed:
        mend = "Decide what is acceptable before you know the result."
        yield Fault("acceptance › decided", "the criteria were decided after the assessment", mend)
    if assessed >= starts:
        yield Fault("assessed", "the service has started before it is assessed", f"Assess it before {starts}.")
    for control in register["controls"]:
        here, due, test = f"controls › {control['id']}", _day(control["due"]), _day(control["verification"]["day"])
        if due >= starts:
            yield Fault(here, "it is not due before the service starts", f"Have it in place before {starts}.")
        if test < due:
            yield Fault(here, "it is tested before it is in place", f"Test it on {due} or later.")
        if test >= starts:
            yield Fault(here, "it is not tested before the service starts", f"Test it before {starts}.")
    for risk in register["risks"]:
        here, review = f"risks › {risk['id']} › review", _day(risk["review"])
        if review <= assessed:
            yield Fault(here, "the next look is not after this assessment", "Write a later day.")
        elif review > starts + REVIEW:
            yield Fault(here, "the next look is more than a year after the start", f"Look by {starts + REVIEW}.")


def _impact_assessment(register: Register) -> Iterator[Fault]:
    """A data protection impact assessment that is required is done, with advice, before the service starts."""
    dpia = register["dpia"]
    if not dpia["required"]:
        return
    for field, words in (("done", "the day on which it is finished"), ("advice", "what the officer advised")):
        if field not in dpia:
            yield Fault("dpia", f"it is required, and there is no '{field}'", f"Write {words} (GDPR Article 35).")
    done, starts = _day(dpia.get("done", "")), _day(register["starts"])
    if done and starts and done >= starts:
        yield Fault("dpia › done", "it is not finished before the processing starts", f"Finish it before {starts}.")


def _law(register: Register) -> Iterator[Fault]:
    for risk in register["risks"]:
        for name in risk["legal_basis"]:
            if name not in _provisions():
                mend = (
                    "Name an id from the page on the status of the law, such as gdpr-32, "
                    "or add the provision to book/law.yml."
                )
                yield Fault(f"risks › {risk['id']}", f"no provision has the id '{name}'", mend)


def _all_days(value: Any, path: list[str]) -> Iterator[tuple[str, str]]:
    """(place, text) of every value that has the form of a day."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _all_days(one, [*path, str(key)])
    elif isinstance(value, list):
        for number, one in enumerate(value):
            name = one["id"] if isinstance(one, dict) and "id" in one else str(number + 1)
            yield from _all_days(one, [*path, name])
    elif path[-1] in ("starts", "assessed", "decided", "due", "day", "review", "done"):
        yield " › ".join(path), value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


RULES: tuple[Callable[[Register], Iterator[Fault]], ...] = (
    _names,
    _treatment,
    _what_is_left,
    _ranges,
    _people,
    _days,
    _impact_assessment,
    _law,
)
