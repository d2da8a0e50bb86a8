"""What a test said when it gave less than all points, and which of that its author wrote.

The words of a failed test come from its author, from Python, or from the student's code, which may say anything: a
name, for example. Only the author's words are shown where nobody's identity shall be.
"""

import ast
import builtins
import re
from collections.abc import Iterable

from nbformat import NotebookNode

STDERR, PARTIAL, DELETED = "(on stderr)", "part of the points", "the test is not in the notebook"
# What stands in a template for a value that the test puts in.
SLOT = "…"
# What the grader's own errors mean (answers.py, execute.py, trusted_tests.py, trusted_execute.py, classic_execute.py).
OURS = {
    "StudentGone": "the student's code ended its process, or took too long",
    "NoAnswer": "the student's code could not be asked",
    "Garbled": "what the student's code returned could not be read",
    "SetupFailed": "the assignment's own set-up failed",
    "NoPoints": "the test did not end with a number",
    "KernelBroken": "the student's code broke its process",
    "NotRun": "not run, because the student's code had broken its process or used up its time",
    "TestsEnded": "the tests' own process ended in this test",
    "Tampered": "a test that must fail did not",
}


def said_by(outputs: Iterable[NotebookNode]) -> str:
    """What a test cell with these outputs says about lost points: an error, text on stderr, or `PARTIAL`."""
    for output in outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}".strip()
        if output.output_type == "stream" and output.name == "stderr":
            return f"{STDERR} {output.text.strip()}"
    return PARTIAL


class Author:
    """The words of a test's author.

    Args:
        source: the code of the test cell. Its text literals are the author's; a value inside an f-string is not.
    """

    def __init__(self, source: str) -> None:
        nodes = list(ast.walk(ast.parse(source)))
        self.literals = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        self._templates = [_template(node) for node in nodes if isinstance(node, ast.JoinedStr)]

    def wrote(self, text: str) -> str | None:
        """The author's text that this is, with a dot-dot-dot for each value put in; None if it is not the author's."""
        if text in self.literals:
            return text
        return next((shown for shown, pattern in self._templates if pattern.fullmatch(text)), None)

    def same(self, said: str) -> str:
        """What was said, such that the same failure reads the same for everyone: without values and without streams.

        Of an error that no test's author wrote only the kind is left: the words of one in the student's code are hidden
        where the code is contained.
        """
        if said.startswith(STDERR):
            return STDERR
        kind, text = _parts(said)
        if not kind:
            return said
        return f"{kind}: {mine}" if (mine := self.wrote(text)) else kind

    def shown(self, said: str) -> str:
        """What was said, in the author's words only; of an error in the student's code, Python's name for it."""
        kind, text = _parts(self.same(said))
        if not kind:
            return said if said in (PARTIAL, DELETED) else "something written on stderr"
        if kind in OURS:
            return OURS[kind]
        if mine := self.wrote(text):
            return mine
        name = kind if isinstance(getattr(builtins, kind, None), type) else "an error of its own"
        return f"{name} in the student's code"


def _parts(said: str) -> tuple[str, str]:
    """Kind and text of an error; no kind where it is none. The proxy's AnswerError gives way to what it stands for."""
    if said in (PARTIAL, DELETED) or said.startswith(STDERR):
        return "", said
    kind, _, text = said.partition(":")
    if kind == "AnswerError":
        kind, _, text = text.strip().partition(":")
    return kind.strip(), text.strip()


def _template(node: ast.JoinedStr) -> tuple[str, re.Pattern[str]]:
    parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
    shown = "".join(SLOT if part is None else part for part in parts)
    pattern = "".join(".*" if part is None else re.escape(part) for part in parts)
    return shown, re.compile(pattern, re.DOTALL)
