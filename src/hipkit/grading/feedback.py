"""Keeps hidden tests out of the feedback that a student receives."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import List

from hipkit.grading.roles import is_test


class KeepTestsHidden(ClearHiddenTests):
    """Takes hidden tests out of an autograded notebook: their code, and the lines that tracebacks quote from it.

    Of a failed test's traceback the last line stays: the kind of error and the message that the test's author wrote
    for the student. `nbgrader_config.py` puts this step into `nbgrader generate_feedback`.
    """

    # nbgrader sets it on every step of the feedback, and warns of a step that does not know it.
    display_data_priority = List().tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        if is_test(cell):
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return super().preprocess_cell(cell, resources, cell_index)
