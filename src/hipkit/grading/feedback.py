"""The page that a student gets back, with nbgrader's template: hidden tests stay hidden, and nothing in it runs."""

import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbgrader
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets import List
from traitlets.config import Config

from hipkit.grading.ledger import Sheet
from hipkit.grading.roles import is_test

STYLES = Path(nbgrader.__file__).parent / "server_extensions/formgrader/static/node_modules/bootstrap/dist/css"


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


@dataclass(frozen=True)
class Page:
    """What a feedback page is made of.

    Attributes:
        student: whose it is.
        notebook: JSON of the executed notebook; empty where nothing could be graded.
        sheet: the grades.
        says: what the student should know about the submission, one sentence each.
        stamp: what stands at the end of the page, so that it can be seen whether it is still the right one.
    """

    student: str
    notebook: str
    sheet: Sheet
    says: list[str]
    stamp: str


class FeedbackPages:
    """Makes the pages of one assignment.

    Args:
        slug: the assignment.
        config: the course's settings.
    """

    def __init__(self, slug: str, config: Config) -> None:
        self._slug = slug
        settings = deepcopy(config)
        settings.Exporter.default_preprocessors = []
        settings.HTMLExporter.template_name = "feedback"
        settings.HTMLExporter.extra_template_paths = [str(STYLES)]
        self._exporter = HTMLExporter(config=settings)
        for step in (KeepTestsHidden, CSSHTMLHeaderPreprocessor):
            self._exporter.register_preprocessor(step(config=config), enabled=True)

    def render(self, page: Page) -> str:
        """The page as HTML that needs nothing else."""
        notebook = nbformat.v4.reads_json(page.notebook) if page.notebook else nbformat.v4.new_notebook()
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata:
                _fill_in(cell, page.sheet)
        if page.says:
            notebook.cells.insert(0, nbformat.v4.new_markdown_cell(_notice(page.says), id="notice"))
        grades = {
            "notebook": self._slug,
            "score": page.sheet.score,
            "max_score": page.sheet.max_score,
            "late_penalty": page.sheet.late_penalty,
        }
        resources = ResourcesDict(nbgrader=grades, unique_key=self._slug)
        body, _ = self._exporter.from_notebook_node(notebook, resources)
        return f"{body}\n<!-- {page.stamp} -->\n"


def _fill_in(cell: NotebookNode, sheet: Sheet) -> None:
    """What nbgrader's step GetGrades does, from grades that are at hand."""
    entry = cell.metadata.nbgrader
    if is_grade(cell) or is_task(cell):
        entry["score"], entry["points"] = sheet.scores[entry.grade_id]
    if is_solution(cell) or is_task(cell):
        entry["comment"] = sheet.comments.get(entry.grade_id)


def _notice(says: list[str]) -> str:
    return "**About what you handed in**\n\n" + "\n".join(f"- {_plain(sentence)}" for sentence in says)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: names of files may hold anything."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", text)
