"""Every check passes a sound course, finds the faults of its fixture, and says how to mend each.

`fixtures/sound` is a whole small course. Every other folder there is named after a check and holds only the files that
differ from it. What may not stand in this repository (forbidden numbers, registries' hosts) is put in as it is copied.
"""

import shutil
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from hipkit.checks import ALL, Finding
from hipkit.datasets.scanner import as_digits, passes_control

FIXTURES = Path(__file__).parent / "fixtures"
CHECKS = {check.name: check for check in ALL}
LESSON = "book/privacy-enhancing-technologies/counting.md"
LAB = "notebooks/counting.ipynb"
ASSIGNMENT = "assignments/source/counting/counting.ipynb"

# Check -> the faults of its fixture: file, line (cell of a notebook), words of the problem, words of the remedy.
FAULTS = {
    "front-matter": [
        (LESSON, 7, "there is no part 'privacy'", "Use one of foundations"),
        (LESSON, 8, "lab takes 240 minutes", "30 to 60"),
        (LESSON, 9, "there is no role 'patient'", "Use one of clinician"),
        (LESSON, 4, "'law_checked' is missing", "Add 'law_checked'"),
        (LESSON, 16, "'author' is not a field", "Take it out"),
        (LESSON, 11, "'ct-1' is used twice", "own number"),
        (LESSON, 11, "nobody can test 'understand'", "Start with what the reader does"),
        ("book/capstone/broken-yaml.md", 1, "not valid YAML", "Correct the lines"),
        ("book/capstone/no-front-matter.md", 1, "no front matter", "CONTRIBUTING.md"),
    ],
    "slugs": [
        (LESSON, 5, "the slug is 'count'", "Write slug: counting"),
        (LESSON, 10, "no module 'sets'", "Name the prerequisite by its slug"),
        ("book/capstone/alone.md", 0, "no notebooks/alone.ipynb", "Add notebooks/alone.ipynb"),
        ("book/capstone/alone.md", 0, "no assignments/source/alone/alone.ipynb", "Add assignments/source/alone"),
        ("book/capstone/alone.md", 0, "0 wrong answers", "at least 8"),
        ("_toc.yml", 0, "book/capstone/alone is not in the table of contents", "- file: book/capstone/alone"),
        ("_toc.yml", 0, "notebooks/alone is not in the table of contents", "- file: notebooks/alone"),
        ("notebooks/orphan.ipynb", 0, "no lesson has this slug", "Write book/<part>/orphan.md"),
    ],
    "outcomes": [
        (ASSIGNMENT, 2, "no outcome 'ct-9'", "Name one of ct-1, ct-2, ct-3"),
        (ASSIGNMENT, 3, "'test-2' assesses no outcome", '"hipkit": {"outcomes"'),
        (LESSON, 11, "nothing graded assesses ct-2", "Add a task"),
        (LESSON, 11, "nothing graded assesses ct-3", "Add a task"),
    ],
    "notebooks": [
        (LAB, 2, "holds an execution count", "Clear Outputs"),
        (LAB, 3, "holds saved output", "Clear Outputs"),
        (LAB, 3, "Undefined name `count`", "in an earlier cell"),
        (LAB, 4, "'numpy.random.default_rng' is not seeded", "default_rng(2026)"),
        (LAB, 4, "numpy's global state", "default_rng(2026)"),
        (LAB, 5, "Python's global state", "default_rng(2026)"),
        (LAB, 5, "'LogisticRegression' is not seeded", "random_state=2026"),
        (LAB, 5, "'Laplace' is not seeded", "random_state=2026"),
        (LAB, 5, "sample' is not seeded", "random_state=2026"),
        (LAB, 0, "needs about 32 minutes", "Take something out"),
        (LAB, 0, "ran for 75 seconds", "Use fewer patients"),
        (ASSIGNMENT, 0, "not a valid notebook", "save it again"),
        (LESSON, 24, "'numpy.random.default_rng' is not seeded", "default_rng(2026)"),
    ],
    "typed-numbers": [
        (LESSON, 22, "'20 000'", "{glue} or {eval}"),
        (LESSON, 22, "'12.5 %'", "{glue} or {eval}"),
        (LESSON, 22, "'0.3'", "{glue} or {eval}"),
        (LESSON, 26, "'58'", "<!-- quoted: source -->"),
        (LESSON, 39, "'37 percent'", "cite the source"),
    ],
    "alt-texts": [
        ("book/pictures.md", 3, "a.png has no alt text", "what the picture shows"),
        ("book/pictures.md", 3, "b.png has an alt text too short", "what the picture shows"),
        ("book/pictures.md", 5, "c.svg has no alt text", "Add a line ':alt: …'"),
        (LAB, 4, "name of a file as alt text (plot.png)", "what the picture shows"),
        (
            "_build/html/index.html",
            7,
            "noise.png has the name of a file as alt text (_images/5f2a.png)",
            "mystnb: {image: {alt: …}}",
        ),
    ],
    "bibliography": [
        ("book/references.bib", 1, "'dwork2006' has no year", "Add year"),
        ("book/references.bib", 1, "'dwork2006' has no identifier", "Add a lasting doi"),
        ("book/references.bib", 6, "'unused' is never cited", "take it out"),
        ("book/index.md", 3, "'sweeney1997' is cited and not in the bibliography", "Add it to book/references.bib"),
    ],
    "law": [
        (LESSON, 15, "'gdpr-99'", "Add it to book/law.yml"),
        (LESSON, 34, "'ehds-1'", "Add it to book/law.yml"),
        ("book/law.yml", 1, "'gdpr-5' has no 'status_no'", "Give every item"),
        ("book/law.yml", 1, "confidence 'sure'", "Write V"),
        ("book/law.yml", 1, "is not an address", "https address"),
        ("book/law.yml", 1, "a day to come", "the day it was done"),
    ],
    "links": [
        ("README.md", 3, "book/home.md leads nowhere", "Correct the path"),
        ("_build/html/index.html", 3, "fetches https://cdn.example.org/style.css from another host", "book/_static"),
        ("_build/html/index.html", 5, "#silence has no such place", "Link to a heading"),
        ("_build/html/index.html", 5, "gone.html leads nowhere", "Correct the link"),
    ],
    "identity-numbers": [
        ("book/index.md", 3, "national-id", "month + 80"),
        ("_build/html/index.html", 1, "phone", "6805"),
    ],
    "origins": [
        ("README.md", 3, "host of a package registry", "Take it out"),
        ("README.md", 3, "folder of this clone", "relative to the course's root"),
        ("README.md", 3, "one person's machine", "relative to the course's root"),
    ],
}


def living_number() -> str:
    """A number whose control digits pass and whose month is not a synthetic one: found by trying, written nowhere."""
    return next(n for n in map("010190{:05d}".format, range(100_000)) if passes_control(as_digits([n]))[0])


@pytest.fixture
def course(tmp_path: Path):
    """Return a function that lays a fixture's files over the sound course, in a folder of its own."""

    def lay(name: str) -> Path:
        root = tmp_path / "course"
        for folder in (FIXTURES / "sound", FIXTURES / name):
            shutil.copytree(folder, root, dirs_exist_ok=True)
        shutil.copytree(root / "built", root / "_build" / "html")
        shutil.rmtree(root / "built")
        cache = get_cache(str(root / "_build" / "notebooks" / "state-of-code-and-data"))
        lab = nbformat.read(root / LAB, as_version=4)
        times = {"execution_seconds": 75.0 if name == "notebooks" else 5.0}
        cache.cache_notebook_bundle(CacheBundleIn(lab, str(root / LAB), data=times), check_validity=False)
        words = {
            "{{ a number in the range of living persons }}": living_number(),
            "{{ a telephone number in use }}": "4" + "0" * 7,
            "{{ registry }}": "https://" + ".".join(("pypi", "org")),
            "{{ root }}": str(root.resolve()),
        }
        for path in root.rglob("*"):
            if path.suffix in {".md", ".html"}:
                text = path.read_text()
                for word, meant in words.items():
                    text = text.replace(word, meant)
                path.write_text(text)
        return root

    return lay


def test_every_check_has_a_fixture_and_every_fixture_a_check() -> None:
    assert set(FAULTS) == set(CHECKS) == {path.name for path in FIXTURES.iterdir()} - {"sound"}


@pytest.mark.parametrize("name", CHECKS)
def test_a_sound_course_passes(name: str, course) -> None:
    assert CHECKS[name].run(course("sound")) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_fault_is_found_once_and_the_message_says_how_to_mend_it(name: str, course) -> None:
    found = CHECKS[name].run(course(name))
    unexpected = list(found)
    for file, line, problem, mend in FAULTS[name]:
        hits = [one for one in found if matches(one, file, line, problem, mend)]
        assert len(hits) == 1, (file, line, problem, mend, found)
        unexpected.remove(hits[0])
    assert unexpected == []


def matches(one: Finding, file: str, line: int, problem: str, mend: str) -> bool:
    return (one.file, one.line) == (file, line) and problem in one.problem and mend in one.mend


def test_an_unbuilt_book_is_said_and_not_passed_over(course) -> None:
    root = course("sound")
    shutil.rmtree(root / "_build")
    (finding,) = CHECKS["links"].run(root)
    assert "not built" in finding.problem
    assert finding.mend == "Run: hipkit book"
