"""Runs the book's notebooks in parallel and keeps their output where the book's build finds it.

The output is kept by jupyter-cache, which knows a notebook by its code cells. What else a result depends on (the hipkit
code that a notebook may import, the patients, the locked packages) is in the name of the cache's folder, so output made
with other code or data is never shown.
"""

import functools
import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import MystMetadataParsingError, is_myst_markdown_notebook, read_myst_markdown_notebook

from hipkit.course import toc_files
from hipkit.digest import digest
from hipkit.errors import KitError
from hipkit.paths import BUILD, DATASETS, POPULATION, ROOT

TIMEOUT_SECONDS = 120  # a cell
# What a notebook may import of the kit; the rest of hipkit cannot change its output.
IMPORTED = ("datasets", "teaching.py", "register.py", "errors.py", "paths.py")


@functools.cache
def cache_folder() -> Path:
    """Folder of the outputs made with today's code, data and packages.

    It is fixed at the first call, so the data must be made before.
    """
    code = [ROOT / "src" / "hipkit" / name for name in IMPORTED]
    data = [DATASETS / "contracts", DATASETS / "reference", DATASETS / "risk", DATASETS / "sample"]
    data += [POPULATION, ROOT / "benchmarks"]
    key = digest([path for path in [*code, *data, ROOT / "requirements" / "lock.txt"] if path.exists()])
    return BUILD / "notebooks" / key[:16]


def notebooks() -> dict[Path, nbformat.NotebookNode]:
    """The notebooks that the table of contents lists, both .ipynb files and executable Markdown pages."""
    found = {}
    for name in toc_files():
        lab, page = ROOT / f"{name}.ipynb", ROOT / f"{name}.md"
        if lab.is_file():
            try:
                found[lab] = nbformat.read(lab, as_version=4)
            except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
                raise KitError(f"{name}.ipynb is not a notebook. Save it again from JupyterLab.") from error
        elif not page.is_file():
            raise KitError(f"_toc.yml lists {name}, and there is no such page. Add the file or take the line out.")
        elif is_myst_markdown_notebook(text := page.read_text(encoding="utf-8")):
            try:
                found[page] = notebook = read_myst_markdown_notebook(text)
            except MystMetadataParsingError as error:
                raise KitError(
                    f"{name}.md: the options of a cell are not valid YAML ({error}). Text with a colon, such as an alt "
                    "text, stands in double quotes."
                ) from error
            # The cache writes JSON, which has no dates; a notebook is known by its cells and kernel only.
            notebook.metadata = nbformat.from_dict({"kernelspec": notebook.metadata["kernelspec"]})
    return found


def execute(folder: Path, progress: Callable[[int, int], None]) -> tuple[int, int]:
    """Run the notebooks that have no output in the cache `folder`, as many at a time as there are cores.

    Args:
        folder: the cache, from `cache_folder`.
        progress: called with (done, to do) at the start and after each notebook.

    Returns:
        How many were run, and how many were in the cache already.

    Raises:
        KitError: a cell failed; the message names the notebook and the cell and has the traceback.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cache = get_cache(str(folder))
    every = notebooks()
    todo = {path: notebook for path, notebook in every.items() if not _is_cached(cache, notebook)}
    progress(0, len(todo))
    if todo:
        with ProcessPoolExecutor(min(os.cpu_count() or 1, len(todo))) as pool:
            runs = {pool.submit(_run, notebook, path.parent): path for path, notebook in todo.items()}
            for done, finished in enumerate(as_completed(runs), start=1):
                path = runs[finished]
                result, notebook = finished.result()
                if result.err is not None:
                    pool.shutdown(cancel_futures=True)
                    raise KitError(_failure(path, notebook, result))
                cache.cache_notebook_bundle(
                    CacheBundleIn(notebook, str(path), data={"execution_seconds": result.time}),
                    check_validity=False,
                    overwrite=True,
                )
                progress(done, len(todo))
    return len(todo), len(every) - len(todo)


def _is_cached(cache: JupyterCacheAbstract, notebook: nbformat.NotebookNode) -> bool:
    """Whether the notebook's output is in the cache and whole: a run may have been cut off while writing it."""
    try:
        cache.get_cache_bundle(cache.match_cache_notebook(notebook).pk)
    except (KeyError, json.JSONDecodeError, nbformat.reader.NotJSONError):
        return False
    return True


def _run(notebook: nbformat.NotebookNode, folder: Path) -> tuple[ExecutionResult, nbformat.NotebookNode]:
    # One core a notebook: several run at a time.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    result = single_nb_execution(
        notebook,
        cwd=str(folder),
        timeout=TIMEOUT_SECONDS,
        allow_errors=False,
        # A kernel warns that its loopback ports are not encrypted; no reader of a build can act on it.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    # The exception holds a reference to the kernel's client, which cannot travel between processes.
    if result.err is not None:
        result = ExecutionResult(result.nb, result.cwd, result.time, RuntimeError(str(result.err)), result.exc_string)
    return result, notebook


def _failure(path: Path, notebook: nbformat.NotebookNode, result: ExecutionResult) -> str:
    where = path.relative_to(ROOT)
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return (
                    f"{where}: cell {number} failed with {output.ename}. Mend the cell and run the same command again."
                    f"\n\n{cell.source}\n\n" + "\n".join(output.traceback)
                )
    return f"{where} could not be run to its end: {result.err}. Mend it and run the same command again."
