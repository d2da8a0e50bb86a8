"""No file names a package registry's host or a path of the machine it was written on.

A lock or a script that names a registry breaks for everyone behind a mirror; a path of a machine works there only and
tells who wrote it.
"""

import re
from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.checks.reading import relative, text_of, tracked_files

REGISTRY = re.compile(
    r"\b(?:(?:test\.|upload\.)?pypi\.org|files\.pythonhosted\.org|registry\.(?:npmjs\.org|yarnpkg\.com)"
    r"|(?:conda|repo)\.anaconda\.(?:org|com)|crates\.io|rubygems\.org|proxy\.golang\.org)\b"
)
HOME = re.compile(
    r"(?<![\w.])(?:/home/[a-z_][\w.-]*/|/Users/[A-Za-z][\w.-]*/|/root/[\w.]|[A-Z]:\\{1,2}Users\\{1,2}\w+)"
)


def run(root: Path) -> list[Finding]:
    here = re.compile(re.escape(str(root.resolve())) + r"\b")
    found = []
    for path in tracked_files(root):
        text = text_of(path)
        if text is None:
            continue
        for pattern, problem, mend in (
            (
                REGISTRY,
                "names the host of a package registry",
                "Take it out: installers know their registry from their settings.",
            ),
            (HOME, "names a folder of one person's machine", "Write the path relative to the course's root."),
            (here, "names the folder of this clone", "Write the path relative to the course's root."),
        ):
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(Finding(relative(path, root), line, f"it {problem} ({match[0]})", mend))
    return found


CHECK = Check("origins", "no file names a registry's host or a path of one machine", run)
