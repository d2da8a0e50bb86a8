"""What files hold, in one number: the same number, the same names and contents."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from hipkit.paths import ROOT


def digest(paths: Iterable[Path], root: Path = ROOT) -> str:
    """SHA-256 (hex) of the names and contents of files; folders count with all that is in them, in sorted order.

    Args:
        paths: files and folders, all under `root`.
        root: names count from here.
    """
    total = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" in file.parts or ".ipynb_checkpoints" in file.parts:
                continue
            total.update(f"{file.relative_to(root).as_posix()}\0{file.stat().st_size}\0".encode())
            total.update(file.read_bytes())
    return total.hexdigest()
