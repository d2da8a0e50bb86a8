"""Every term of the glossary has its Norwegian word and its meaning, and stands there once."""

from pathlib import Path

import yaml

from hipkit.checks.model import Check, Finding

HERE = "book/glossary.yml"
FIELDS = ("term", "bokmaal", "meaning")
MEND = (
    "Write {term: …, bokmaal: …, meaning: …}, the meaning in one sentence, in quotes where it has a colon or a comma."
)


def run(root: Path) -> list[Finding]:
    try:
        items = yaml.safe_load((root / HERE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [Finding(HERE, 0, "there is no glossary", f"Add {HERE}.")]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return [Finding(HERE, 0, f"it is not valid YAML: {' '.join(str(error).split())}", "Correct the line it names.")]
    if not isinstance(items, list):
        return [Finding(HERE, 0, "it is not a list of terms", MEND)]
    found, seen = [], set()
    for number, item in enumerate(items, start=1):
        fields = item if isinstance(item, dict) else {}
        term = str(fields.get("term") or f"item {number}")
        if missing := [name for name in FIELDS if not str(fields.get(name) or "").strip()]:
            found.append(Finding(HERE, 0, f"'{term}' has no {', '.join(missing)}", MEND))
        if term.lower() in seen:
            found.append(Finding(HERE, 0, f"'{term}' stands there twice", "Make one item of them."))
        seen.add(term.lower())
    return found


CHECK = Check("glossary", "every term has its Norwegian word and its meaning", run)
