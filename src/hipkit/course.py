"""The only model of what the course is: its parts and modules, read from the lessons' front matter.

The order is that of `_toc.yml`; everything else about a module stands at the top of its lesson.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from hipkit.errors import KitError
from hipkit.paths import ROOT

# Folder under book/ -> title of the part, in the order of the course.
PARTS = {
    "foundations": "Foundations",
    "decentralised-ecosystems": "Decentralised and patient-centric ecosystems",
    "privacy-enhancing-technologies": "Privacy-enhancing technologies",
    "secure-use-and-sharing": "Secure use and sharing",
    "ai-security-and-privacy": "Security and privacy in AI",
    "engineering-and-assurance": "Engineering and assurance",
    "capstone": "Capstone",
}
ROLES = {
    "clinician": "clinicians and municipal project leads",
    "data-protection-officer": "data protection officers",
    "researcher": "researchers",
    "engineer": "engineers",
    "buyer": "buyers",
}


@dataclass(frozen=True)
class Outcome:
    """What a reader can do after a module; `id` is what graded tasks refer to."""

    id: str
    text: str


@dataclass(frozen=True)
class Module:
    """One lesson with its lab, assignment and wrong answers, all under one slug.

    `minutes` has the keys reading, lab and assignment.
    """

    slug: str
    title: str
    part: str
    minutes: dict[str, int]
    roles: list[str]
    prerequisites: list[str]
    outcomes: list[Outcome]
    law: list[str]
    law_checked: date
    root: Path

    @property
    def lesson(self) -> Path:
        return self.root / "book" / self.part / f"{self.slug}.md"

    @property
    def lab(self) -> Path:
        return self.root / "notebooks" / f"{self.slug}.ipynb"

    @property
    def assignment(self) -> Path:
        return self.root / "assignments" / "source" / self.slug / f"{self.slug}.ipynb"


@dataclass(frozen=True)
class Course:
    """The modules in the order in which the table of contents lists them."""

    modules: list[Module]

    @cached_property
    def parts(self) -> dict[str, list[Module]]:
        """Part -> its modules; only parts that have some, in the order of the course."""
        listed = {part: [module for module in self.modules if module.part == part] for part in PARTS}
        return {part: modules for part, modules in listed.items() if modules}

    @cached_property
    def learning_order(self) -> list[Module]:
        """The modules as the table of contents has them, but none before its prerequisites.

        Raises:
            KitError: modules are prerequisites of each other, or a prerequisite is not in the course.
        """
        ordered: list[Module] = []

        def add(module: Module, after: tuple[str, ...]) -> None:
            if module.slug in after:
                circle = " → ".join([*after, module.slug])
                raise KitError(f"Modules are prerequisites of each other: {circle}. Take one out of 'prerequisites'.")
            for slug in module.prerequisites:
                add(self.module(slug), (*after, module.slug))
            if module not in ordered:
                ordered.append(module)

        for module in self.modules:
            add(module, ())
        return ordered

    def path(self, roles: set[str]) -> list[Module]:
        """The modules for anyone in `roles`, with all that they build on, in the order in which to learn them."""
        wanted: set[str] = set()
        for module in reversed(self.learning_order):
            if module.slug in wanted or roles & set(module.roles):
                wanted |= {module.slug, *module.prerequisites}
        return [module for module in self.learning_order if module.slug in wanted]

    def module(self, slug: str) -> Module:
        """The module with this slug.

        Raises:
            KitError: there is none; the message lists those there are.
        """
        for module in self.modules:
            if module.slug == slug:
                return module
        known = ", ".join(module.slug for module in self.modules)
        raise KitError(f"There is no module called {slug!r}. The modules are: {known}.")


def front_matter(path: Path) -> dict[str, Any]:
    """The YAML between the two `---` at the top of a page; {} where there is none.

    Raises:
        KitError: it is not valid YAML.
    """
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return {}
    try:
        front = yaml.safe_load(text.split("\n---\n", 1)[0][4:])
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise KitError(f"{path}: the front matter is not valid YAML ({reason}). Correct it.") from error
    return front if isinstance(front, dict) else {}


def toc_files(root: Path = ROOT) -> list[str]:
    """The files that `_toc.yml` lists, without their endings, in order."""
    try:
        toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
        listed: list[str] = [toc["root"]]

        def collect(entries: list[dict[str, Any]] | None) -> None:
            for entry in entries or []:
                if "file" in entry:
                    listed.append(entry["file"])
                collect(entry.get("sections"))
                collect(entry.get("chapters"))

        collect(toc.get("parts"))
        collect(toc.get("chapters"))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise KitError(f"_toc.yml cannot be read ({reason}). Compare it with the entries that are there.") from error
    return listed


def left_out(root: Path = ROOT) -> list[str]:
    """The lessons and labs that `_toc.yml` does not list, so that the book lacks them; as paths from the root."""
    listed = set(toc_files(root))
    pages = [path for path in sorted((root / "book").rglob("*.md")) if "module" in front_matter(path)]
    labs = sorted((root / "notebooks").glob("*.ipynb"))
    found = [path.relative_to(root) for path in [*pages, *labs]]
    return [path.as_posix() for path in found if path.with_suffix("").as_posix() not in listed]


def load_course(root: Path = ROOT) -> Course:
    """Read the course under `root`.

    Raises:
        KitError: names the file and the field that is missing or unknown.
    """
    modules = []
    for name in toc_files(root):
        path = root / f"{name}.md"
        if path.parent.name in PARTS and path.is_file() and "module" in (front := front_matter(path)):
            modules.append(_module(path, front["module"], root))
    return Course(modules)


def _module(path: Path, fields: dict[str, Any], root: Path) -> Module:
    wanted = [name for name in Module.__dataclass_fields__ if name != "root"]
    for name in wanted:
        if name not in fields:
            raise KitError(f"{path}: the front matter has no '{name}' under 'module'. Add it.")
    if unknown := sorted(set(fields) - set(wanted)):
        raise KitError(f"{path}: '{unknown[0]}' is not a field of a module. Take it out of the front matter.")
    try:
        outcomes = [Outcome(**outcome) for outcome in fields["outcomes"]]
    except TypeError as error:
        raise KitError(f"{path}: every outcome has an 'id' and a 'text'. Correct 'outcomes'.") from error
    return Module(**{**fields, "outcomes": outcomes}, root=root)
