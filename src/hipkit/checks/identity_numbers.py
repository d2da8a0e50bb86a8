"""No number, telephone or address that may belong to a living person, in the course's files or in the built book."""

from pathlib import Path

from hipkit.checks.model import Check, Finding
from hipkit.datasets.scanner import scan_tree


def run(root: Path) -> list[Finding]:
    found = []
    for folder in (root, root / "_build" / "html"):
        if not folder.is_dir():
            continue  # not built yet: the links check says so
        for hit in scan_tree(folder).findings:
            file = (folder / hit.file).relative_to(root).as_posix()
            where = f" in {hit.where}" if hit.where else ""
            found.append(
                Finding(file, hit.line, f"{hit.rule} {hit.shown}{where} may belong to a living person", hit.mend)
            )
    return found


CHECK = Check("identity-numbers", "no number or address can belong to a living person", run)
