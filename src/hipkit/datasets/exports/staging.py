"""A folder that is either the old one or the complete new one, whatever happens in between."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from hipkit.errors import KitError

MARK = "export.json"


@contextmanager
def replacing(folder: Path, about: dict) -> Iterator[Path]:
    """Give a new empty folder beside `folder`; it takes its place when the block ends without an exception.

    Args:
        folder: the folder to make or to replace. Anything in it that an earlier export did not write is refused.
        about: what the mark `export.json` shall say.

    Raises:
        KitError: the folder holds other files.
        OSError: it cannot be written; what stood there before is unchanged.
    """
    folder = folder.absolute()
    if folder.exists() and not ((folder / MARK).is_file() or (folder.is_dir() and not any(folder.iterdir()))):
        raise KitError(f"{folder} holds other files. Name an empty or new folder with --out.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    partial, old = _beside(folder, "partial"), _beside(folder, "old")
    partial.mkdir()
    try:
        yield partial
        (partial / MARK).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        partial.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f".{folder.name}.{kind}-{os.getpid()}")


def _tidy(folder: Path) -> None:
    """Put back what a killed run had moved away, and remove what it had half written."""
    for kind in ("old", "partial"):
        for left in folder.parent.glob(f".{folder.name}.{kind}-*"):
            owner = left.name.rpartition("-")[2]
            if owner.isdecimal() and int(owner) != os.getpid() and psutil.pid_exists(int(owner)):
                continue
            if kind == "old" and not folder.exists():
                left.rename(folder)
            else:
                shutil.rmtree(left)
