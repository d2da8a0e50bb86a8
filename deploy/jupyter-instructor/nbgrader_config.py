"""nbgrader's settings for an instructor, for ~/.jupyter: the course is the clone in ~/hip."""

from pathlib import Path

c = get_config()  # noqa: F821 - traitlets puts it there
load_subconfig("nbgrader_config.py", path=str(Path.home() / "hip" / "assignments"))  # noqa: F821
