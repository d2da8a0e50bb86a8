"""nbgrader's settings for this course. They hold for nbgrader run in this folder, for the formgrader and for hipkit."""

import os
import sysconfig
from pathlib import Path

import nbgrader

here = Path(__file__).resolve().parent
c = get_config()  # noqa: F821 - traitlets puts it there

# nbgrader makes a new gradebook by calling the program alembic, which is on the search path only where the course's
# environment is activated.
scripts = sysconfig.get_path("scripts")
if scripts not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join(filter(None, [scripts, os.environ.get("PATH")]))

c.CourseDirectory.course_id = "hip"
# Written out, so that a JupyterLab that was started in another folder finds the course too.
c.CourseDirectory.root = str(here)

# Seconds for one cell of the student's, and for what the student's code does in one test. A loop without end costs this
# much in each test that meets it.
c.Execute.timeout = 40
# A kernel says at each start that it listens unencrypted; it listens on this machine only.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]

# The teacher's cells are put back as the teacher wrote them, deleted ones too (src/hipkit/grading/restore.py). It takes
# the place of three of nbgrader's steps: DeduplicateIds, OverwriteKernelspec and OverwriteCells.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "hipkit.grading.restore.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The tests run in a process of their own and ask the student's kernel for answers: nothing that a student does to
# Python reaches them (src/hipkit/grading/trusted_execute.py). The kernel runs in a room of its own where the system can
# make one (src/hipkit/grading/sandbox.py). The other steps are nbgrader's, in its order.
c.Autograde.autograde_preprocessors = [
    "hipkit.grading.trusted_execute.TrustedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "hipkit.grading.late.ExtendThenPenalise",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What late work loses, by the rules in policy.toml (src/hipkit/grading/late.py).
c.AssignLatePenalties.plugin_class = "hipkit.grading.late.LatePolicy"
c.LatePolicy.file = str(here / "policy.toml")

# What nbgrader zip_collect makes of a file's name: <student>_<slug>.ipynb, with anything between the two that ends with
# an underscore, and with the number that a learning platform or a browser appends to a second file of the name.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[^\W_][^/\\_]*)_(?:[^/\\]*_)?(?P<file_id>[a-z0-9-]+?)(?:-\d+| ?\(\d+\))?\.ipynb$"
)

# What stands in a student's copy where the solution was.
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # put your answer here, in place of this line"}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

# nbgrader writes hidden tests into the feedback, both as code and in tracebacks. Here the feedback says which test
# failed and why, and keeps the hidden tests hidden.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "hipkit.grading.feedback.KeepTestsHidden",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# What students put out is shown with no scripts in it, in the feedback and in the formgrader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "clean_html": "hipkit.grading.inert.clean_html",
    "markdown2html": "hipkit.grading.inert.markdown2html",
}
# Ours first: it keeps the page from asking another host for MathJax. The rest of the page is nbgrader's.
c.HTMLExporter.extra_template_basedirs = [
    str(here / "templates"),
    str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"),
]
