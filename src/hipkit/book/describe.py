"""The book's page on the patients, computed for any population."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import MarkdownExporter

from hipkit.errors import KitError
from hipkit.paths import BOOK

PAGE = BOOK / "data" / "patients.md"


def describe(population: Path, out: Path, progress: Callable[[int, int], None]) -> Path:
    """Run the page for one population and write it as Markdown, with its pictures beside it.

    Args:
        population: a folder with the population's tables.
        out: folder for the page; what was there is replaced when the new page is complete.
        progress: called with (done, to do) after each cell.

    Returns:
        The page that was written.

    Raises:
        KitError: a table is missing or does not fit, or `out` cannot be written; `out` is then as before.
    """
    notebook = read_myst_markdown_notebook(PAGE.read_text(encoding="utf-8"))
    notebook.metadata = {"kernelspec": dict(notebook.metadata["kernelspec"])}
    total = len(notebook.cells)
    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(PAGE.parent)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        on_cell_complete=lambda cell, cell_index: progress(cell_index + 1, total),
    )
    try:
        client.execute(env={**os.environ, "HIPKIT_POPULATION": str(population.resolve())})
    except CellExecutionError as error:
        raise KitError(
            f"{population} cannot be described: {error.ename}: {error.evalue}. Run `hipkit data check`."
        ) from error
    exporter = MarkdownExporter(exclude_input=True)
    text, resources = exporter.from_notebook_node(notebook)
    words = iter(
        [
            cell.metadata["mystnb"]["image"]["alt"]
            for cell in notebook.cells
            if "image" in cell.metadata.get("mystnb", {})
        ]
    )
    text = re.sub(r"!\[png\]", lambda _: f"![{next(words)}]", text)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
            new = Path(scratch) / "new"
            new.mkdir()
            for name, content in resources["outputs"].items():
                (new / name).write_bytes(content)
            (new / PAGE.name).write_text(text, encoding="utf-8")
            if out.exists():
                shutil.rmtree(out)
            new.rename(out)
    except OSError as error:
        raise KitError(f"{out} cannot be written: {error.strerror}. Choose another folder with --out.") from error
    return out / PAGE.name
