"""Every check passes a sound course, finds the faults of its fixture, and says how to mend each.

`fixtures/sound` is a whole small course. Every other folder there is named after a check and holds only the files that
differ from it. What may not stand in this repository (forbidden numbers, registries' hosts) is put in as it is copied.
"""

import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from hipkit.checks import ALL, Check, Finding, findings_of
from hipkit.cli import main
from hipkit.datasets.scanner import as_digits, passes_control

FIXTURES = Path(__file__).parent / "fixtures"
CHECKS = {check.name: check for check in ALL}
LESSON = "book/privacy-enhancing-technologies/counting.md"
LAB = "notebooks/counting.ipynb"
MUTANTS = "assignments/mutants/counting"
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
        (LESSON, 11, "ct-3 has no text", "Say what the reader can do"),
        (LESSON, 1, "no 'kernelspec'", "Add it above 'module'"),
        ("book/capstone/broken-yaml.md", 1, "not valid YAML", "Correct the lines"),
        ("book/capstone/no-front-matter.md", 1, "no front matter", "CONTRIBUTING.md"),
    ],
    "slugs": [
        (LESSON, 5, "the slug is 'count'", "Write slug: counting"),
        (LESSON, 10, "no module 'sets'", "Name the prerequisite by its slug"),
        ("book/capstone/alone.md", 0, "no notebooks/alone.ipynb", "Add notebooks/alone.ipynb"),
        ("book/capstone/alone.md", 0, "has 1 wrong answer, at least 8 are needed", "Add to assignments/mutants/alone/"),
        (
            "assignments/source/alon/alon.ipynb",
            0,
            "no lesson has this slug",
            "Rename it to assignments/source/alone/alone",
        ),
        (
            "_toc.yml",
            0,
            "book/capstone/alone is not in the table of contents",
            "Add it to _toc.yml: '- file: book/capst",
        ),
        ("_toc.yml", 0, "notebooks/alone is not in the table of contents", "- file: notebooks/alone"),
        ("notebooks/orphan.ipynb", 0, "no lesson has this slug", "Write its lesson, book/<part>/orphan.md"),
    ],
    "lessons": [
        (LESSON, 0, "words of running text", "1,500 to 2,500"),
        (LESSON, 0, "has 2 questions", "Write 3 to 5"),
        (LESSON, 0, "has 4 exercises", "Write 2 to 3"),
        (LESSON, 96, "the solution of 'Exercise three' is not folded", ":class: dropdown"),
        (LESSON, 103, "'Exercise four' has no solution", "{solution-start}"),
        (LESSON, 0, "an alt text: 1, at least 2", "mystnb: {image: {alt: …}}"),
        (LESSON, 0, "no section From risk to requirement, Further reading", "with this heading"),
        (LESSON, 115, "the note for instructors is not folded", ":class: dropdown"),
    ],
    "assignments": [
        (ASSIGNMENT, 0, "the tests give 17 points", "Give 20 in all"),
        (ASSIGNMENT, 0, "has 5 autograded tasks", "Set 6 to 8"),
        (ASSIGNMENT, 4, "2 cells have the id 'task-1'", "Give each its own"),
        (ASSIGNMENT, 2, "'### BEGIN SOLUTION' has no END", "Write '### END SOLUTION'"),
        (ASSIGNMENT, 13, "no rubric above it", "0, half and full points"),
        (f"{MUTANTS}/no_noise.py", 0, "no 'revisit'", "Write it"),
        (f"{MUTANTS}/off_by_one.py", 0, "cannot lose 5 points in 'test-1'", "test-1 (4)"),
        (f"{MUTANTS}/noise_reused.py", 0, "cannot lose 1 points in 'test-9'", "test-1 (4)"),
        (f"{MUTANTS}/wrong_column.py", 0, "no solution cell 'task-9'", "There are: task-1"),
        (f"{MUTANTS}/scale_squared.py", 0, "the lesson 'summing'", "Name one of counting"),
        (f"{MUTANTS}/budget_ignored.py", 0, "the place 'what-went-wrong'", "what-goes-wrong, from-risk-to-requirement"),
    ],
    "glossary": [
        ("book/glossary.yml", 0, "'Noise' stands there twice", "Make one item"),
        ("book/glossary.yml", 0, "'audit' has no bokmaal", "Write {term: …"),
        ("book/glossary.yml", 0, "'item 4' has no term, meaning", "Write {term: …"),
    ],
    "outcomes": [
        (ASSIGNMENT, 2, "no outcome 'ct-9'", "Name one of ct-1, ct-2, ct-3"),
        (ASSIGNMENT, 3, "'test-2' assesses no outcome", '"hipkit": {"outcomes": ["ct-1"]}'),
        (LESSON, 11, "nothing graded assesses ct-2", "Add a task"),
        (LESSON, 11, "nothing graded assesses ct-3", "Add a task"),
    ],
    "notebooks": [
        (LAB, 2, "cells 2, 3 hold saved output or an execution count", "Clear Outputs"),
        (LAB, 3, "Undefined name `count`", "in an earlier cell"),
        (LAB, 4, "'numpy.random.default_rng' is not seeded", "default_rng(2026)"),
        (LAB, 4, "numpy's global state", "default_rng(2026)"),
        (LAB, 5, "Python's global state", "default_rng(2026)"),
        (LAB, 5, "'LogisticRegression' is not seeded", "random_state=2026"),
        (LAB, 5, "'Laplace' is not seeded", "random_state=2026"),
        (LAB, 5, "sample' is not seeded", "random_state=2026"),
        (LAB, 0, "needs about 32 minutes", "Take something out"),
        (LAB, 0, "ran for 75 seconds", "Use fewer patients"),
        (ASSIGNMENT, 0, "it is not a notebook: ", "save it again"),
        (LESSON, 24, "'numpy.random.default_rng' is not seeded", "default_rng(2026)"),
    ],
    "typed-numbers": [
        (LESSON, 22, "'20 000'", "{glue} or {eval}"),
        (LESSON, 22, "'12.5 %'", "{glue} or {eval}"),
        (LESSON, 22, "'0.3'", "{glue} or {eval}"),
        (LESSON, 26, "'58'", "<!-- quoted: source -->"),
        (LESSON, 39, "'37 percent'", "cite the source"),
        (LESSON, 41, "the quoted comment names no source", "Write <!-- quoted: source -->"),
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
            "in the cell's metadata; then run make book",
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
        ("book/law.yml", 1, "'gdpr-5' has no says, status_no", "Add what is missing"),
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
            "{{ a lesson's worth of words }}": "Noise hides a person in a count. " * 200,
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


@pytest.mark.parametrize(
    ("place", "problem", "mend"),
    [
        ("book/foundations/counting.md", "the part is", "Move the file to book/privacy-enhancing-technologies/"),
        (
            "book/news/counting.md",
            "no part of the course",
            "Move the file to book/privacy-enhancing-technologies/; the parts",
        ),
        ("book/privacy-enhancing-technologies/counts.md", "the slug is 'counting'", "Rename the file to counting.md."),
    ],
)
def test_a_lesson_in_the_wrong_place_is_told_the_right_one(place: str, problem: str, mend: str, course) -> None:
    root = course("sound")
    (root / place).parent.mkdir(exist_ok=True)
    (root / LESSON).rename(root / place)
    unlisted, moved = sorted(CHECKS["slugs"].run(root), key=lambda finding: finding.file)
    assert (unlisted.file, moved.file) == ("_toc.yml", place)
    assert problem in moved.problem
    assert mend in moved.mend


def test_a_misspelt_lab_is_only_renamed(course) -> None:
    root = course("sound")
    (root / LAB).rename(root / "notebooks" / "couting.ipynb")
    (finding,) = CHECKS["slugs"].run(root)
    assert (finding.file, finding.mend) == ("notebooks/couting.ipynb", f"Rename it to {LAB}.")


@pytest.mark.parametrize(
    ("file", "content", "by"),
    [
        (LESSON, b"\xe5", "front-matter"),
        (LESSON, b"---\nmodule: {roles: [{a: b}], prerequisites: [[]], outcomes: [1], law: 7}\n---\n", "front-matter"),
        (LESSON, b"```{code-cell}\n---\na: [\n---\n```\n", "front-matter"),
        (LAB, b"{", "notebooks"),
        (LAB, b"\xff", "notebooks"),
        (ASSIGNMENT, b"[]", "notebooks"),
        (ASSIGNMENT, b'{"cells": [{}]}', "notebooks"),
        ("_toc.yml", b"- a", "slugs"),
        ("book/glossary.yml", b"{", "glossary"),
        ("book/glossary.yml", b"\xff", "glossary"),
        ("book/law.yml", b"[", "law"),
        (f"{MUTANTS}/no_noise.py", b"nothing", "assignments"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_stops_no_check(file: str, content: bytes, by: str, course) -> None:
    root = course("sound")
    (root / file).write_bytes(content)
    found = {name: findings_of(check, root) for name, check in CHECKS.items()}
    assert file in {finding.file for finding in found[by]}


def test_a_missing_file_is_a_finding_that_names_it(tmp_path: Path) -> None:
    reads = Check("reads", "it reads", lambda root: [(root / "book" / "gone.md").read_text()])
    (finding,) = findings_of(reads, tmp_path)
    assert finding.file == "book/gone.md"


def test_a_broken_check_is_raised_after_the_findings_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("a.md", 3, "a problem", "A remedy.")
    checks = (Check("breaks", "", lambda root: 1 / 0), Check("finds", "", lambda root: [finding]))
    monkeypatch.setattr("hipkit.cli.check.ALL", checks)
    answer = CliRunner().invoke(main, ["check"])
    assert "a.md:3: a problem" in answer.output
    (broken,) = answer.exception.exceptions
    assert broken.__notes__ == ["The check breaks could not be finished."]


def test_an_unbuilt_book_is_said_and_not_passed_over(course) -> None:
    root = course("sound")
    shutil.rmtree(root / "_build")
    (finding,) = CHECKS["links"].run(root)
    assert "not built" in finding.problem
    assert finding.mend == "Run: hipkit book"
