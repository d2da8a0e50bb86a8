"""Every provision of law that a lesson names is in book/law.yml, and every item there can be looked up and dated."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import lessons, pages, relative

FIELDS = ("id", "instrument", "provision", "title", "says", "status_eu", "status_no", "source", "confidence", "checked")
CONFIDENCE = ("V", "V2", "M")
# The law status page gives every provision the label law-<id>.
NAMED = re.compile(r"(?:\]\(#|\{ref\}`(?:[^`<]*<)?)law-([a-z0-9-]+)")


def run(root: Path) -> list[Finding]:
    path = root / "book" / "law.yml"
    if not path.is_file():
        return [
            Finding(
                "book/law.yml", 0, "there is no list of provisions", "Add book/law.yml; CONTRIBUTING.md shows an item."
            )
        ]
    here = relative(path, root)
    text = path.read_text(encoding="utf-8")
    try:
        items = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return [Finding(here, 0, f"it is not valid YAML: {' '.join(str(error).split())}", "Correct the line it names.")]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return [Finding(here, 0, "it is not a list of items", "Start every item with '- id: …'.")]
    known = {str(item.get("id")) for item in items}
    found = [Finding(here, *fault) for fault in _items(items, text)]
    for page in lessons(root):
        named = page.module.get("law")
        for identity in named if isinstance(named, list) else []:
            if str(identity) not in known:
                found.append(_unknown(relative(page.path, root), page.line("module", "law"), str(identity)))
    for page in pages(root):
        for match in NAMED.finditer(page.text):
            if match[1] not in known:
                found.append(_unknown(relative(page.path, root), page.text.count("\n", 0, match.start()) + 1, match[1]))
    return found


def _unknown(file: str, line: int, identity: str) -> Finding:
    mend = "Add it to book/law.yml with its official source and the date it was checked, or name an id that is there."
    return Finding(file, line, f"no provision has the id '{identity}'", mend)


def _items(items: list[dict], text: str) -> Iterator[tuple[int, str, str]]:
    seen = set()
    for item in items:
        identity = str(item.get("id"))
        match = re.search(rf"\bid:\s*[\"']?{re.escape(identity)}\b", text)
        line = text.count("\n", 0, match.start()) + 1 if match else 0
        if missing := [field for field in FIELDS if item.get(field) in (None, "")]:
            yield line, f"'{identity}' has no {', '.join(missing)}", "Add what is missing; other items show how."
        if identity in seen:
            yield line, f"the id '{identity}' is used twice", "Give each provision its own id."
        seen.add(identity)
        if item.get("confidence") not in (None, *CONFIDENCE):
            mend = "Write V (read in the official text), V2 (read in a secondary source) or M (from memory)."
            yield line, f"'{identity}' has the confidence '{item['confidence']}'", mend
        if not str(item.get("source", "https://")).startswith("https://"):
            yield (
                line,
                f"the source of '{identity}' is not an address",
                "Give the official text's https address or ELI.",
            )
        checked = item.get("checked")
        if checked is not None and not isinstance(checked, datetime.date):
            yield line, f"'{identity}' was checked on '{checked}', which is no date", "Write a date such as 2026-11-23."
        elif isinstance(checked, datetime.date) and checked > datetime.date.today():
            yield line, f"'{identity}' was checked on {checked}, a day to come", "Write the day it was done."


CHECK = Check("law", "every provision named is listed, dated and has an official source", run)
