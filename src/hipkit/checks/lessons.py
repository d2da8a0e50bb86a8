"""Every lesson has what lessons consist of: length, questions, exercises, computed pictures, closing sections."""

import re
from collections.abc import Iterator
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.prose import headings, running_text
from hipkit.checks.reading import Cell, Page, code_cells, lessons, relative

# Authors aim at 1,500 to 2,500 words; how words are counted is not worth a dispute, so the limits lie outside.
WORDS = (1200, 3200)
QUIZZES = (3, 5)
EXERCISES = (2, 3)
PICTURES = 2  # the fewest
NOTE = "For instructors"
SECTIONS = ("What goes wrong", "From risk to requirement", "Summary", "Further reading", NOTE)
# What a reader does not read as words: comments, mathematics, the names of roles and what they only point to.
NO_WORDS = re.compile(
    r"<!--.*?-->|\{(?:cite[:\w]*|glue[:\w]*|eval)\}`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$|^[ ]*\|[^\n]*$", re.S | re.M
)
DIRECTIVE = re.compile(
    r"^(?:`{3,}|:{3,})\{(?P<name>[\w-]+)\}[ ]*(?P<argument>.*)\n(?P<options>(?::[\w-]+:.*\n)*)", re.M
)


def run(root: Path) -> list[Finding]:
    return [Finding(relative(page.path, root), *fault) for page in lessons(root) for fault in faults(page)]


def faults(page: Page) -> Iterator[tuple[int, str, str]]:
    """(line, problem, mend) for everything that one lesson lacks or has too much of."""
    least, most = WORDS
    words = len(re.findall(r"\w[\w'’-]*", NO_WORDS.sub(" ", running_text(page.text))))
    if not least <= words <= most:
        problem = f"the lesson has {words} words of running text"
        yield 0, problem, f"Write 1,500 to 2,500; {least:,} to {most:,} pass."
    found = list(DIRECTIVE.finditer(page.text))
    yield from _number("question", [one for one in found if one["name"] == "quiz"], QUIZZES)
    exercises = [one for one in found if one["name"] == "exercise"]
    yield from _number("exercise", exercises, EXERCISES)
    yield from _solutions(page.text, exercises, found)
    pictures = sum(bool(_alt_text(cell)) for cell in code_cells(page))
    if pictures < PICTURES:
        problem = f"pictures drawn by code that have an alt text: {pictures}, at least {PICTURES} are needed"
        yield 0, problem, "Draw them from the patients, with `mystnb: {image: {alt: …}}` at the top of the cell."
    there = {heading.lower() for heading in headings(page.text)}
    if missing := [section for section in SECTIONS if section.lower() not in there]:
        yield 0, f"the lesson has no section {', '.join(missing)}", "Add it, with this heading."
    yield from _open_note(page.text)


def _number(name: str, found: list[re.Match], limits: tuple[int, int]) -> Iterator[tuple[int, str, str]]:
    least, most = limits
    if not least <= len(found) <= most:
        yield 0, f"the lesson has {len(found)} {name}{'s' * (len(found) != 1)}", f"Write {least} to {most}."


def _solutions(text: str, exercises: list[re.Match], found: list[re.Match]) -> Iterator[tuple[int, str, str]]:
    """Exercises whose solution is missing or open."""
    solutions = {one["argument"].strip(): one for one in found if one["name"] in ("solution", "solution-start")}
    for exercise in exercises:
        label = re.search(r":label:[ ]*(\S+)", exercise["options"])
        solution = solutions.get(label[1]) if label else None
        line = text.count("\n", 0, exercise.start()) + 1
        title = exercise["argument"].strip() or (label[1] if label else "")
        if not solution:
            mend = "Give the exercise a ':label:' and write {solution-start} with that label; the model shows both."
            yield line, f"the exercise '{title}' has no solution", mend
        elif "dropdown" not in solution["options"]:
            line = text.count("\n", 0, solution.start()) + 1
            yield line, f"the solution of '{title}' is not folded", "Add the line ':class: dropdown' under its first."


def _open_note(text: str) -> Iterator[tuple[int, str, str]]:
    """The note for instructors, where readers would meet it unfolded."""
    if note := re.search(rf"^## {NOTE}[ ]*\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        folded = [one for one in DIRECTIVE.finditer(note[1]) if "dropdown" in one["options"]]
        if not folded:
            line = text.count("\n", 0, note.start()) + 1
            yield line, "the note for instructors is not folded", "Put it into {admonition} with ':class: dropdown'."


def _alt_text(cell: Cell) -> str:
    """The alt text that a code cell gives its picture."""
    kept: object = cell.metadata
    for key in ("mystnb", "image", "alt"):
        kept = kept.get(key) if isinstance(kept, dict) else None
    return str(kept or "")


CHECK = Check("lessons", "every lesson has the length, questions, exercises, pictures and sections of one", run)
