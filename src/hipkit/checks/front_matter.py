"""Every lesson's front matter is there, complete and valid. Everything that lists modules is computed from it."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import Page, is_lesson, pages, relative
from hipkit.course import PARTS, ROLES

FIELDS = {
    "slug": str,
    "title": str,
    "part": str,
    "minutes": dict,
    "roles": list,
    "prerequisites": list,
    "outcomes": list,
    "law": list,
    "law_checked": datetime.date,
}
WORDS = {
    str: "a text",
    dict: "a list of 'name: value'",
    list: "a list in [ ]",
    datetime.date: "a date such as 2026-11-23",
}
TOOLS = ("jupytext", "kernelspec")  # without them the page's code does not run
MINUTES = {"reading": (10, 120), "lab": (30, 60), "assignment": (30, 240)}
OUTCOMES = (3, 5)
# An outcome can be tested when it starts with what the reader does; these verbs name a state of mind.
UNTESTABLE = ("understand", "know", "appreciate", "learn", "grasp", "be aware", "be familiar", "realise", "realize")
FRONT_MATTER_HELP = "CONTRIBUTING.md shows a complete front matter to copy."


def run(root: Path) -> list[Finding]:
    return [
        Finding(relative(page.path, root), line, problem, mend)
        for page in pages(root)
        if page.fault or is_lesson(page)
        for line, problem, mend in faults(page)
    ]


def faults(page: Page) -> Iterator[tuple[int, str, str]]:
    """(line, problem, mend) for everything wrong with one lesson's front matter."""
    if page.fault:
        yield 1, page.fault, f"Correct the lines between the two '---', and save in UTF-8. {FRONT_MATTER_HELP}"
        return
    for name in TOOLS:
        if page.front and name not in page.front:
            yield 1, f"the front matter has no '{name}'", f"Add it above 'module'. {FRONT_MATTER_HELP}"
    module = page.module
    if not module:
        yield 1, "the lesson has no front matter with a 'module'", f"Start the file with one. {FRONT_MATTER_HELP}"
        return
    for name, kind in FIELDS.items():
        if name not in module:
            yield page.line("module"), f"'{name}' is missing", f"Add '{name}' under 'module'. {FRONT_MATTER_HELP}"
        elif not isinstance(module[name], kind) or module[name] == "":
            yield page.line("module", name), f"'{name}' is not {WORDS[kind]}", f"Write '{name}' as {WORDS[kind]}."
    for name in sorted(set(module) - set(FIELDS)):
        yield (
            page.line("module", str(name)),
            f"'{name}' is not a field",
            f"Take it out, or use one of {', '.join(FIELDS)}.",
        )
    yield from _values(page)
    if isinstance(module.get("outcomes"), list):
        yield from _outcomes(page, module["outcomes"])


def _values(page: Page) -> Iterator[tuple[int, str, str]]:
    module = page.module
    if isinstance(slug := module.get("slug"), str) and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        yield page.line("module", "slug"), f"'{slug}' is not a slug", "Use small letters, digits and single hyphens."
    if isinstance(part := module.get("part"), str) and part not in PARTS:
        yield page.line("module", "part"), f"there is no part '{part}'", f"Use one of {', '.join(PARTS)}."
    if isinstance(roles := module.get("roles"), list):
        for role in roles:
            if str(role) not in ROLES:
                yield page.line("module", "roles"), f"there is no role '{role}'", f"Use one of {', '.join(ROLES)}."
        if not roles:
            yield page.line("module", "roles"), "the lesson is for nobody", f"Name at least one of {', '.join(ROLES)}."
    if isinstance(minutes := module.get("minutes"), dict):
        line = page.line("module", "minutes")
        if set(minutes) != set(MINUTES):
            yield (
                line,
                "'minutes' does not say reading, lab and assignment",
                "Give whole minutes for each of the three.",
            )
        for name, (least, most) in MINUTES.items():
            given = minutes.get(name)
            if name in minutes and (type(given) is not int or not least <= given <= most):
                yield line, f"{name} takes {given} minutes", f"Plan {name} for {least} to {most} whole minutes."
    checked = module.get("law_checked")
    if isinstance(checked, datetime.date) and checked > datetime.date.today():
        yield (
            page.line("module", "law_checked"),
            f"law was checked on {checked}, a day to come",
            "Write the day it was done.",
        )


def _outcomes(page: Page, outcomes: list) -> Iterator[tuple[int, str, str]]:
    line = page.line("module", "outcomes")
    least, most = OUTCOMES
    if not least <= len(outcomes) <= most:
        yield line, f"there are {len(outcomes)} outcomes", f"State {least} to {most}."
    seen = set()
    for outcome in outcomes:
        if not isinstance(outcome, dict) or set(outcome) != {"id", "text"}:
            yield line, f"the outcome {outcome!r} is not an id and a text", 'Write {id: xx-1, text: "compute …"}.'
            continue
        identity, text = str(outcome["id"]), str(outcome["text"])
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*-\d+", identity):
            yield line, f"'{identity}' is not an outcome id", "Use the module's short name and a number: dp-1, dp-2, …"
        if identity in seen:
            yield line, f"the outcome id '{identity}' is used twice", "Give every outcome its own number."
        seen.add(identity)
        if not str(outcome["text"] or "").strip():
            yield line, f"the outcome {identity} has no text", "Say what the reader can do after the module."
        elif text.lower().startswith(UNTESTABLE):
            yield (
                line,
                f"nobody can test '{text.split()[0]}' in {identity}",
                "Start with what the reader does: compute, choose, …",
            )


CHECK = Check("front-matter", "every lesson says completely what it is", run)
