"""Puts the teacher's cells of a submission back as the teacher wrote them: nbgrader's `OverwriteCells`, made strict.

nbgrader corrects the text, the points and the kind of a cell that it knows; whether a cell is a test or an answer it
takes from the student's copy, and a test that was deleted is not held. Here everything that nbgrader keeps about a cell
is the teacher's, what is missing is put back, and what the teacher did not write is an ordinary cell.
"""

from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum
from traitlets import Instance, List

from hipkit.grading.intake import Finding
from hipkit.grading.master import master_notebook, visible_source
from hipkit.grading.roles import is_test

# What of a cell's entry a program may change by itself: a checksum of the student's own text.
OWN = {"checksum"}
EARLIER = "The cell {!r} is of an earlier version, or was changed with its checksum: {}."


class RestoreCells(NbGraderPreprocessor):
    """Restores every cell that has a grade id, and the kernel, from the teacher's notebook.

    After a run, `findings` holds what was put back, and `suspicions` what no honest use of Jupyter does.

    A class that received its copies before the teacher changed a cell is not suspected: such a copy agrees with the
    checksum that nbgrader wrote into it. Anybody can compute that checksum, and nobody keeps those of earlier versions.
    So who changes a cell together with its checksum is a finding and no suspicion; it earns nothing all the same.
    """

    master = Instance(
        NotebookNode, allow_none=True, help="The teacher's notebook; None: that of the course in the working folder."
    )
    findings = List(Instance(Finding))
    suspicions = List()

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Restore the notebook's cells in place."""
        self.findings, self.suspicions = [], []
        master = self.master or master_notebook(resources["nbgrader"]["assignment"], Path.cwd())
        teachers = {cell.metadata.nbgrader.grade_id: cell for cell in master.cells if "nbgrader" in cell.metadata}
        nb.metadata["kernelspec"] = master.metadata.get("kernelspec", {})
        found: dict[str, int] = {}
        # From the end: of copies of a cell, nbgrader takes the last.
        for index in reversed(range(len(nb.cells))):
            grade_id = self._grade_id(nb.cells[index])
            if grade_id in teachers and grade_id not in found:
                nb.cells[index] = self._restored(nb.cells[index], teachers[grade_id])
                found[grade_id] = index
            elif "nbgrader" in nb.cells[index].metadata:
                self._disown(nb.cells[index], grade_id, known=grade_id in teachers)
        self._put_back(nb, teachers)
        for said in self.suspicions + [finding.teacher for finding in self.findings]:
            self.log.warning(said)
        return nb, resources

    @staticmethod
    def _grade_id(cell: NotebookNode) -> str | None:
        entry = cell.metadata.get("nbgrader")
        return entry.get("grade_id") if isinstance(entry, dict) else None

    def _restored(self, cell: NotebookNode, teachers: NotebookNode) -> NotebookNode:
        """The student's cell with all that is the teacher's."""
        name, wanted = teachers.metadata.nbgrader.grade_id, NotebookNode(teachers.metadata.nbgrader)
        had = cell.metadata.nbgrader
        changed = sorted(key for key in {*wanted, *had} - OWN if had.get(key) != wanted.get(key))
        if cell.cell_type != teachers.cell_type:
            changed.append("type of cell")
        changes = [f"In the cell {name!r}, what nbgrader keeps was changed: {', '.join(changed)}."] if changed else []
        source, given = cell.source, visible_source(teachers)
        fixed = wanted["locked"] or (wanted["grade"] and not wanted["solution"])
        if fixed:
            # White space at the ends is taken away by some editors.
            if source.strip() not in (teachers.source.strip(), given.strip()):
                kind = "test" if is_test(teachers) else "cell of the teacher's"
                changes.append(f"The {kind} {name!r} was changed; the teacher's own was run.")
            source = teachers.source
        today = compute_checksum(NotebookNode(teachers, source=given))
        if changes and had.get("checksum") != today and _agrees(cell, fixed):
            self.findings.append(Finding(EARLIER.format(name, "the teacher's of today was graded"), ""))
        else:
            self.suspicions += changes
        restored = NotebookNode(teachers, source=source, metadata=NotebookNode(cell.metadata, nbgrader=wanted))
        if "id" in cell:
            restored["id"] = cell.id
        return restored

    def _disown(self, cell: NotebookNode, grade_id: str | None, known: bool) -> None:
        """Make an ordinary cell of one that the teacher did not write, or of a copy."""
        had = cell.metadata.nbgrader
        if known:
            self.findings.append(
                Finding(
                    f"The cell {grade_id!r} was there more than once; the last copy was graded.",
                    f"The cell {grade_id!r} was there more than once; the last copy was graded.",
                )
            )
        elif had.get("grade") and _agrees(cell, fixed=not had.get("solution")):
            self.findings.append(Finding(EARLIER.format(grade_id, "the teacher has none of this name today"), ""))
        elif had.get("grade"):
            self.suspicions.append(f"The graded cell {grade_id!r} is none of the teacher's; it was not graded.")
        del cell.metadata["nbgrader"]

    def _put_back(self, nb: NotebookNode, teachers: dict[str, NotebookNode]) -> None:
        """Insert what is missing behind what the teacher had before it."""
        at = 0
        places = {self._grade_id(cell): cell for cell in nb.cells}
        for name, cell in teachers.items():
            if name in places:
                at = next(number for number, one in enumerate(nb.cells) if one is places[name]) + 1
                continue
            missing = nbformat.from_dict(cell)
            if nb.nbformat_minor < 5:
                missing.pop("id", None)
            nb.cells.insert(at, missing)
            at += 1
            self.findings.append(
                Finding(
                    f"The cell {name!r} was missing and was put back.",
                    f"The cell {name!r} was missing and was put back; an answer counts as not given.",
                )
            )


def _agrees(cell: NotebookNode, fixed: bool) -> bool:
    """Whether a cell is what its checksum says; of an answer, which is not, that it has one."""
    checksum = cell.metadata.nbgrader.get("checksum")
    try:
        return isinstance(checksum, str) and (not fixed or checksum == compute_checksum(cell))
    except (KeyError, TypeError, ValueError):  # what stands there is nothing that nbgrader has written
        return False
