"""What plain nbgrader and this kit's graders do with the hostile submissions of `tests/grading/hostile`.

The attacks are handed in to one class together or, where nothing holds them apart, each to a class of its own. In each,
two honest students have been graded already and a third one is graded last; each way of grading has a time limit. What
happened is collected from outside and written to `benchmarks/hostile.json`, which the book shows. Run it on a machine
where students' code may do harm: plain nbgrader holds nothing back. The attacks are bounded in themselves and aim at
what the script has made for them.

    python benchmarks/hostile.py                                   everything, some hours
    python benchmarks/hostile.py --graders plain --attacks daemon crash
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from hipkit.paths import ASSIGNMENTS

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "grading"))

from hostile.bait import Bait  # noqa: E402 - it is no installed package
from hostile.classroom import SLUG, Course, hand_in, make_course, nbgrader  # noqa: E402
from hostile.corpus import Attack, read_attacks  # noqa: E402
from hostile.examine import Grader, examine, run  # noqa: E402
from hostile.grade import by_hipkit  # noqa: E402
from hostile.pages import open_pages  # noqa: E402
from hostile.verdict import breaches, harm  # noqa: E402

SECONDS, EACH = 60, 180  # that a grader has for a class, and besides for every attack in it
SCREEN = Console(stderr=True, soft_wrap=True)
RESULTS = HERE / "hostile.json"
# What does not end is stopped after ten seconds in all three. nbgrader has no default for how a learning platform names
# files; this is the course's own.
PLAIN = r"""
c = get_config()
c.CourseDirectory.course_id = "hostile"
c.Execute.timeout = 10
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[^\W_][^/\\_]*)_(?:[^/\\]*_)?(?P<file_id>[a-z]+)\.ipynb"
)
"""


def by_commands(course: Path) -> None:
    """Grade as the instructor's guide of nbgrader says."""
    if (course / "downloaded").is_dir():
        nbgrader(course, "zip_collect", SLUG)
    nbgrader(course, "autograde", SLUG)
    nbgrader(course, "generate_feedback", SLUG)


@dataclass(frozen=True)
class Way:
    """A way to grade: what grades, the settings of the course, and whether each attack needs a class of its own.

    Where nothing holds attacks apart, one would spoil the class for the others.
    """

    grader: Grader
    settings: str
    extra: tuple[Path, ...]
    alone: bool


OURS = (ASSIGNMENTS / "nbgrader_config.py").read_text(encoding="utf-8")
# As on a machine that has no sandbox: the tests stand apart, and nothing else does.
UNCONTAINED = f"{OURS}\nc.Execute.timeout = 10\nc.ContainedExecute.contained = False\n"
WAYS = {
    "plain": Way(by_commands, PLAIN, (), alone=True),
    "trusted": Way(by_commands, UNCONTAINED, (ASSIGNMENTS / "templates",), alone=True),
    "hipkit": Way(by_hipkit, OURS, (ASSIGNMENTS / "templates",), alone=False),
}


def try_attacks(attacks: list[Attack], course: Course, grader: Grader, browser: Browser) -> tuple[dict, dict]:
    """Attacks in a class of their own: for each of them what happened, and what befell the class."""
    root = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        own = Course(root / "course", course.marks)
        shutil.copytree(course.root, own.root)
        with Bait(root, course.marks) as bait:
            held = hand_in(own, attacks, bait.known)
            found = examine(held, bait, grader, SECONDS + EACH * len(attacks))
            if pages := [one.name for one in attacks if one.kind == "html"]:
                open_pages(found, held, bait, browser, pages)
        told = {one.name: breaches(one.name, one, found) for one in attacks}
        return told, {kind: words for kind, words in harm(held, found).items() if kind != "shown"}
    finally:
        shutil.rmtree(root, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--graders", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--attacks", nargs="+", help="only these")
    options = parser.parse_args()
    attacks = [one for one in read_attacks() if not options.attacks or one.name in options.attacks]
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {"rows": []}
    rows = {row["attack"]: row for row in kept["rows"]}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in options.graders:
            way = WAYS[name]
            course = make_course(Path(folder) / name, way.settings, way.extra)
            run(way.grader, course.root, dict(os.environ), SECONDS)  # two honest students are graded before
            for attack, happened in measured(attacks, way, course, browser):
                row = rows.setdefault(attack.name, {"attack": attack.name})
                row |= {"class": attack.kind, "tries": attack.tries}
                row[name] = {"breached": sorted(happened), "happened": "; ".join(happened.values()) or "held"}
                SCREEN.print(f"{name:8} {attack.kind:10} {attack.name:26} {row[name]['happened']}", highlight=False)
                write(rows)


def measured(attacks: list[Attack], way: Way, course: Course, browser: Browser) -> Iterator[tuple[Attack, dict]]:
    """Each attack and what happened."""
    groups: dict[str, list[Attack]] = {}
    for one in attacks:
        groups.setdefault(one.name if way.alone or "seconds" in one.obtains else "", []).append(one)
    for group in groups.values():
        told, befell = try_attacks(group, course, way.grader, browser)
        for one in group:
            yield one, {**told[one.name], **befell}


def write(rows: dict[str, dict]) -> None:
    """Keep what there is so far, in the order of the corpus."""
    known = [one.name for one in read_attacks()]
    kept = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, nbgrader {version('nbgrader')}, "
        f"{date.today():%d %B %Y}",
        "rows": [rows[name] for name in known if name in rows],
    }
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
