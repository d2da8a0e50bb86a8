"""A file that is either the old one or the complete new one, whatever happens in between."""

import os
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside `path` and put it in its place when it is on the disk; makes the folder if it is not there.

    Raises:
        OSError: it cannot be written; what stood there before is unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
