"""Files that are held in memory, as a folder on the disk."""

from pathlib import Path


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder that is there.

    Args:
        folder: where to.
        files: path from there, with "/" -> content.
    """
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
