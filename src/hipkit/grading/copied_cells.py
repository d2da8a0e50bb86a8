"""Lets a submission be graded in which a student has copied a cell: nbgrader's step `DeduplicateIds`, mended.

JupyterLab copies a cell with its grade id. nbgrader takes the id from all but the last copy and leaves an empty entry
behind, which it then takes for an old format: grading stops, for the whole class.
"""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import DeduplicateIds


class DropCopies(DeduplicateIds):
    """Makes ordinary cells of all copies of a cell but the last."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """See nbgrader; the empty entry goes too."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.metadata.get("nbgrader") == {}:
            del cell.metadata["nbgrader"]
        return cell, resources
