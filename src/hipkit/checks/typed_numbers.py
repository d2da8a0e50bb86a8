"""No number in a lesson's prose is typed if code can compute it.

What counts as typed. A number in running text that is a decimal, a percentage, or ten or more, written in digits. Left
out is what no code computes:

* code, mathematics, roles (so also {glue} and {eval}), links' addresses, HTML, comments and directives' options;
* quizzes: the numbers of a question are its premises;
* dates, years (1900 to 2099) and clock times;
* names: digits joined to letters (ICD-10, SHA-256, mod-11), and numbers after a word that announces one
  (Article 32, § 22, recital 26, SP 800-226, ISO 27001, Regulation 2025/327, version 7.0, page 12, …);
* figures that a source states: the same sentence has a citation ({cite}) or a link to a provision (#law-gdpr-33), or
  the number is followed by the marker `<!-- quoted: where it comes from -->`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.prose import running_text
from hipkit.checks.reading import Page, lessons, relative
from hipkit.datasets.scanner import scan_text

MEND = (
    "Compute it in a code cell and glue it in with {glue} or {eval}; if a source states it, cite the source in the "
    "same sentence or put <!-- quoted: source --> after the number."
)
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
NAMED = (
    r"(?:[Aa]rticles?|[Aa]rt\.?|§§?|[Ss]ections?|[Rr]ecitals?|[Cc]hapters?|[Aa]nnex|[Pp]aragraphs?|[Pp]ages?|p\.|pp\.|[Tt]able|"
    r"[Ff]igure|[Vv]ersion|[Rr]elease|[Nn]o\.|[Nn]umber|Regulation|Directive|Convention|Python|LOV-|FOR-|"
    r"(?:[A-Z]{2,}[A-Za-z]*(?:[ /][A-Z]{2,})*))"  # ISO, ISO/IEC, NIST SP, RFC, CEN …
)
NUMBER = r"\d+(?:[ \u00a0\u202f.,/:-]\d+)*"
LEFT_OUT = [
    r"<!--.*?-->",
    r"<[^>\n]+>",
    r"\{[\w:.-]+\}(`+).*?\1",  # roles
    r"(`+).+?\1",
    r"\$\$.*?\$\$",
    r"(?<![\\\w])\$[^$\n]+?\$",
    r"\]\([^)]*\)",
    r"https?://\S+",
    r"(?<=\n)%[^\n]*",
    rf"\b\d{{1,2}}\.? (?:to \d{{1,2}}\.? )?{MONTH}(?: \d{{4}})?",
    rf"\b{MONTH} \d{{1,2}},? \d{{4}}",
    r"\b\d{4}-\d{2}-\d{2}\b",
    rf"{NAMED}[ \u00a0]?\(?(?:{NUMBER})(?:[.(:]\w+\)?)*(?:(?:,| and| or| to|–|-) ?(?:{NUMBER})(?:\(\w+\))*)*",
    r"[A-Za-zÆØÅæøå]+[-/]?\d[\w.]*",  # joined to letters in front: ICD-10, R4
    r"\b\d+(?:-|–)?(?:th|st|nd|rd|bit|byte|fold)\b",
    r"\b(?:19|20)\d{2}\b(?:[–-](?:19|20)?\d{2}\b)?(?![ \u00a0\u202f]?\d{3})(?! ?%)",
    r"\b\d{1,2}:\d{2}\b",
]
FIGURE = re.compile(
    r"(?<![\w.,/:-])(?P<number>\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<percent>[ \u00a0\u202f]?(?:%|per ?cent\b))?(?![\w/:-])"
)
QUOTED = re.compile(r"<!--\s*quoted\b(?P<source>.*?)-->", re.DOTALL)
CITED = re.compile(r"\{cite(?::\w+)?\}`|\]\(#law-|\{ref\}`[^`]*\blaw-")


def run(root: Path) -> list[Finding]:
    found = []
    for page in lessons(root):
        here = relative(page.path, root)
        living = {hit.line for hit in scan_text(page.text)}  # the identity-numbers check reports these
        for line, number in typed_numbers(page):
            if line not in living:
                found.append(Finding(here, line, f"the number '{number}' is typed in prose", MEND))
        for line in sourceless(page.text):
            mend = "Write <!-- quoted: source -->, with the name of the source."
            found.append(Finding(here, line, "the quoted comment names no source", mend))
    return found


def sourceless(text: str) -> Iterator[int]:
    """The lines of the comments that quote nobody."""
    for match in QUOTED.finditer(text):
        if not match["source"].strip(" :\n"):
            yield text.count("\n", 0, match.start()) + 1


def typed_numbers(page: Page) -> Iterator[tuple[int, str]]:
    """(line, number as written) for every typed number in the lesson's prose."""
    prose = running_text(page.text)
    for start, sentence in _sentences(prose):
        if CITED.search(sentence):
            continue
        bare = _blank(sentence, [rf"{NUMBER}[ \u00a0\u202f]?(?:%|per ?cent)?\s*{QUOTED.pattern}", *LEFT_OUT])
        for match in FIGURE.finditer(bare):
            written = match["number"]
            if match["percent"] or re.search(r"[.,]\d", written) or int(re.sub(r"\D", "", written)) >= 10:
                yield prose.count("\n", 0, start + match.start()) + 1, match[0].strip()


def _blank(text: str, patterns: list[str]) -> str:
    """The text with every match replaced by spaces, so that positions and lines stay."""
    for pattern in patterns:
        text = re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)
    return text


def _sentences(prose: str) -> Iterator[tuple[int, str]]:
    """(position, text) of each sentence; a table's row and a list's item count as one."""
    start = 0
    for match in re.finditer(
        r"(?<=[.!?])[)\"”*_]*\s+(?=[A-ZÆØÅ\"“(*_{`])|\n\s*\n|\n(?=\s*[-*|+] |\s*\d+\. )|\|[ ]*\n", prose
    ):
        yield start, prose[start : match.end()]
        start = match.end()
    yield start, prose[start:]


CHECK = Check("typed-numbers", "no number in a lesson is typed where code can compute it", run)
