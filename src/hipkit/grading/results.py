"""The selftest's results, kept in `_build/selftest/<slug>.json` for as long as nothing that decides them changes."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from hipkit.atomic import write_atomically
from hipkit.grading.fingerprint import fingerprint
from hipkit.grading.mutants import Mutant
from hipkit.grading.selftest import Outcome, Report, run
from hipkit.grading.tasks import Task
from hipkit.paths import ASSIGNMENTS, BUILD

RESULTS = BUILD / "selftest"


def results(
    slugs: list[str],
    seeds: int = 100,
    again: bool = False,
    jobs: int | None = None,
    course_root: Path = ASSIGNMENTS,
    folder: Path = RESULTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[tuple[Report, bool]]:
    """The reports on assignments, each with whether it had to be run; first those that are kept.

    Args:
        slugs: the assignments.
        seeds: under how many seeds the reference must have run. A kept report with more is as good.
        again: run all, also what is kept.
        jobs, course_root, progress: as for `hipkit.grading.selftest.run`.
        folder: where the reports are kept.

    Raises:
        KitError: as `hipkit.grading.selftest.run`.
    """
    # Before anything runs: what is changed meanwhile must not pass for what was run.
    prints = {slug: _fingerprint(slug, course_root) for slug in slugs}
    kept = {} if again else {slug: _read(slug, prints[slug], folder) for slug in prints}
    kept = {slug: report for slug, report in kept.items() if report and report.seeds >= seeds}
    for report in kept.values():
        yield report, False
    changed = [slug for slug in prints if slug not in kept]
    if changed:
        for report in run(changed, seeds, jobs, course_root, progress):
            _write(report, prints[report.slug], folder)
            yield report, True


def stored(slug: str, course_root: Path = ASSIGNMENTS, folder: Path = RESULTS) -> Report | None:
    """The kept report on an assignment; None where there is none, or something has changed since.

    Raises:
        KitError: there is no such assignment, or a wrong answer is malformed.
    """
    return _read(slug, _fingerprint(slug, course_root), folder)


def _fingerprint(slug: str, course_root: Path) -> str:
    return fingerprint(slug, __name__, course_root)


def _write(report: Report, print_: str, folder: Path) -> None:
    content = {"fingerprint": print_, "report": dataclasses.asdict(report)}
    kept = json.dumps({"sha256": _checksum(content)} | content, indent=1)
    write_atomically(folder / f"{report.slug}.json", kept.encode("ascii"))


def _read(slug: str, print_: str, folder: Path) -> Report | None:
    try:
        kept = json.loads((folder / f"{slug}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return None  # not there, or damaged: it is made again
    if not isinstance(kept, dict) or kept.pop("sha256", None) != _checksum(kept) or kept["fingerprint"] != print_:
        return None
    fields = kept["report"]
    return Report(
        slug=fields["slug"],
        seeds=fields["seeds"],
        tasks=[Task(**task) for task in fields["tasks"]],
        mutants=[Mutant(**mutant) for mutant in fields["mutants"]],
        outcomes={
            answer: {test: [Outcome(**one) for one in found] for test, found in tests.items()}
            for answer, tests in fields["outcomes"].items()
        },
    )


def _checksum(content: dict) -> str:
    """SHA-256 (hex) of JSON that does not depend on how it was written."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
